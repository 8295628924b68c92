package smart_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/scope/smart"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text    string
		kind    smart.Kind
		form    smart.Form
		letters string
		flawed  bool
	}{
		{"patient/Patient.read", smart.Resource, smart.V1, "rs", false},
		{"patient/Patient.write", smart.Resource, smart.V1, "cud", false},
		{"user/*.*", smart.Resource, smart.V1, "cruds", false},
		{"system/Observation.cruds", smart.Resource, smart.V2, "cruds", false},
		{"patient/Patient.r", smart.Resource, smart.V2, "r", false},
		{"patient/Patient.rs?category=a|b", smart.Resource, smart.V2, "rs", false},
		{"patient/Patient.rd", smart.Resource, smart.V2, "rd", true},
		{"patient/Patient.dus", smart.Resource, smart.V2, "uds", true},
		{"patient/Patient.rr", smart.Resource, smart.V2, "r", true},
		{"patient/Patient.rs?a:not=b", smart.Resource, smart.V2, "rs", true},
		{"patient/MedicationOrder.rs", smart.Resource, smart.V2, "rs", false},
		{"launch", smart.Context, "", "", false},
		{"launch/patient", smart.Context, "", "", false},
		{"launch/imagingstudy?role=x", smart.Context, "", "", false},
		{"openid", smart.Identity, "", "", false},
		{"fhirUser", smart.Identity, "", "", false},
		{"offline_access", smart.Session, "", "", false},
		{"online_access", smart.Session, "", "", false},
		{"nge", smart.Unknown, "", "", false},
		{"fhiruser", smart.Unknown, "", "", false},
		{"Patient/Patient.read", smart.Unknown, "", "", false},
		{"patient/patient.read", smart.Malformed, "", "", true},
		{"patient/Patient.Read", smart.Malformed, "", "", true},
		{"patient/Patient", smart.Malformed, "", "", true},
		{"patient/Patient.", smart.Malformed, "", "", true},
		{"patient/Patient.read?a=b", smart.Malformed, "", "", true},
		{"patient/Patient.rs?", smart.Malformed, "", "", true},
		{"patient/Patient.rs?a", smart.Malformed, "", "", true},
		{"patient/Patient.rs?a=%zz", smart.Malformed, "", "", true},
		{"patient/Patient.rsx", smart.Malformed, "", "", true},
		{"launch/Patient", smart.Malformed, "", "", true},
		{"launch/", smart.Malformed, "", "", true},
		{"a\x1b[31m", smart.Malformed, "", "", true},
		{"patient/Pati\u202eent.rs", smart.Malformed, "", "", true},
		{"", smart.Malformed, "", "", true},
	} {
		got := smart.Parse(c.text)
		if got.Kind != c.kind || got.Form != c.form || got.Letters.String() != c.letters || len(got.Flaws) > 0 != c.flawed {
			t.Errorf("%q: %+v, want %s %s %q flawed %v", c.text, got, c.kind, c.form, c.letters, c.flawed)
		}
		if got.Text != c.text {
			t.Errorf("%q came back as %q", c.text, got.Text)
		}
	}
}

func TestTheSameConstraintInTwoSpellings(t *testing.T) {
	a := smart.Parse("patient/Observation.rs?category=http://h/s|lab&code=1")
	b := smart.Parse("patient/Observation.rs?code=1&category=http%3A%2F%2Fh%2Fs%7Clab")
	if a.Constraint != b.Constraint || !a.Covers(b) || !b.Covers(a) {
		t.Errorf("%q and %q differ", a.Constraint, b.Constraint)
	}
	if other := smart.Parse("patient/Observation.rs?code=1%26category=2"); other.Kind == smart.Resource && a.Covers(other) {
		t.Error("an encoded & became two parameters")
	}
}

func TestConversion(t *testing.T) {
	for _, c := range []struct{ text, v2, v1 string }{
		{"patient/Patient.read", "patient/Patient.rs", "patient/Patient.read"},
		{"patient/Patient.write", "patient/Patient.cud", "patient/Patient.write"},
		{"user/*.*", "user/*.cruds", "user/*.read user/*.write"},
		{"patient/Patient.r", "patient/Patient.r", "patient/Patient.read"},
		{"patient/Observation.cs?category=x", "patient/Observation.cs?category=x", "patient/Observation.read patient/Observation.write"},
		{"openid", "openid", "openid"},
	} {
		s := smart.Parse(c.text)
		if got := s.InV2(); got != c.v2 {
			t.Errorf("%s in v2: %s, want %s", c.text, got, c.v2)
		}
		if got := strings.Join(s.InV1(), " "); got != c.v1 {
			t.Errorf("%s in v1: %s, want %s", c.text, got, c.v1)
		}
	}
}

func TestBounds(t *testing.T) {
	if _, err := smart.ParseAll(strings.Repeat("x", smart.MaxRequest+1)); !errors.Is(err, smart.ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
	if _, err := smart.ParseAll(strings.Repeat("x ", smart.MaxScopes+1)); !errors.Is(err, smart.ErrTooMany) {
		t.Errorf("too many: %v", err)
	}
	all, err := smart.ParseAll(" openid\tlaunch\r\nfhirUser ")
	if err != nil || len(all) != 3 {
		t.Errorf("%v %v", all, err)
	}
}

// samples are scopes of every shape, for what must hold between any of them.
func samples() []smart.Scope {
	var out []smart.Scope
	for _, level := range []string{"patient", "user", "system"} {
		for _, typ := range []string{"*", "Patient", "Observation"} {
			for _, p := range []string{"read", "write", "*", "r", "s", "rs", "cud", "cruds", "rs?category=a", "r?category=a", "rs?category=b"} {
				out = append(out, smart.Parse(level+"/"+typ+"."+p))
			}
		}
	}
	return append(out, smart.Parse("launch"), smart.Parse("openid"), smart.Parse("other"))
}

func TestCoversIsAnOrder(t *testing.T) {
	all := samples()
	for _, a := range all {
		if !a.Covers(a) {
			t.Errorf("%s does not cover itself", a.Text)
		}
		for _, b := range all {
			if !a.Covers(b) {
				continue
			}
			if a.Kind == smart.Resource && a.Letters&b.Letters != b.Letters {
				t.Errorf("%s covers %s with fewer letters", a.Text, b.Text)
			}
			for _, c := range all {
				if b.Covers(c) && !a.Covers(c) {
					t.Fatalf("%s covers %s covers %s, but not the last", a.Text, b.Text, c.Text)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.Text)
	}
	f.Add("patient/Observation.rs?category=http%3A%2F%2Fx%7Cy&b=%26")
	f.Add("launch/x?role=\x00")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := smart.ParseAll(text)
		if err != nil {
			return
		}
		for _, s := range all {
			if s.Kind != smart.Resource {
				continue
			}
			again := smart.Parse(s.InV2())
			if !again.Covers(s) || !s.Covers(again) || again.InV2() != s.InV2() {
				t.Fatalf("%q is %q, which is read as something else", s.Text, s.InV2())
			}
			words, _ := smart.ParseAll(strings.Join(s.InV1(), " "))
			var letters smart.Letters
			for _, w := range words {
				letters |= w.Letters
			}
			if letters&s.Letters != s.Letters || slices.ContainsFunc(words, func(w smart.Scope) bool { return w.Form != smart.V1 }) {
				t.Fatalf("version 1 of %q lost a letter", s.Text)
			}
		}
	})
}
