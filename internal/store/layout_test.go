package store

import (
	"strings"
	"testing"
)

// Hand-written layouts, each with an edit and the only lines that it may touch.
func TestEditTouchesNothingElse(t *testing.T) {
	s := "schema: ngapi.profile/v1\n"
	for name, c := range map[string]struct {
		in   string
		f    func(*Doc) error
		want string // the diff without its heads and unchanged lines
	}{
		"comments everywhere": {
			"# top\n\n" + s + "\n# before app\napp: # at app\n  # before name\n  name: x # at name\n  # after name\n\n  # before auth\n  auth: # at auth\n    # before gsa\n    - gsa # at gsa\n    # after gsa\n# before form\nform: # at form\n  reply: 2026-01-01 # at reply\n# the end\n",
			set("app.auth", "gsa,eal", "form.reply", "2026-01-02"),
			"+    - eal\n-  reply: 2026-01-01 # at reply\n+  reply: 2026-01-02 # at reply\n",
		},
		"four blanks": {
			s + "organization:\n    name: a\n\n\n    type: vendor\nbeta:\n    clients:\n        - name: A\n          contact: c\n",
			func(d *Doc) error { return firstError(d.AddClient("B"), set("organization.terms", "none")(d)) },
			"+    terms: none\n+        - name: B\n",
		},
		"dashes below the key": {
			s + "app:\n  auth:\n  - gsa\n  - eal\nbeta:\n  clients:\n  - name: A\n",
			func(d *Doc) error { return firstError(d.AddClient("B"), set("app.auth", "eal")(d)) },
			"-  - gsa\n+  - name: B\n",
		},
		"texts over lines": {
			s + "app:\n  name: >-\n    a long\n    name\n\n  description: |\n    one\n\n    two # no comment\n  audience:   patients\n",
			set("app.audience", "providers"),
			"-  audience:   patients\n+  audience: providers\n",
		},
		"list over lines": {
			s + "app:\n  apis: [\n    fhir, # why\n    enterprise,\n  ]\n  name:    \"x\"\n",
			set("app.name", "y"),
			"-  name:    \"x\"\n+  name: \"y\"\n",
		},
		"quotes of all kinds": {
			s + "organization: { name: 'it''s',   type: \"vendor\" }\nform:   {submitted:   2026-01-01}\napp: {name: \"a\\tb\"}\n",
			set("form.reply", "2026-01-02"),
			"-form:   {submitted:   2026-01-01}\n+form: {submitted: 2026-01-01, reply: 2026-01-02}\n",
		},
		"sections in another order": {
			s + "ga: {approved: 2026-01-01}\n\nform: {reply: 2026-01-01}\n\napp: {name: x}\n",
			set("portal.registered", "2026-01-01"),
			"+portal:\n+  registered: 2026-01-01\n",
		},
		"no newline at the end": {
			s + "app: {name: x}\n\n# the end",
			set("app.name", "y"),
			"-app: {name: x}\n+app: {name: y}\n",
		},
		"document marks": {
			"%YAML 1.1\n---\n" + s + "app: {name: x}\n...\n",
			set("app.name", "y"),
			"-app: {name: x}\n+app: {name: y}\n",
		},
		"JSON": {
			"{\"schema\": \"ngapi.profile/v1\",\n \"app\": {\n  \"name\": \"x\"\n }\n}\n",
			set("app.name", "y"),
			// A change inside braces that go over lines rewrites the braces.
			"-{\"schema\": \"ngapi.profile/v1\",\n- \"app\": {\n-  \"name\": \"x\"\n- }\n-}\n+{\"schema\": \"ngapi.profile/v1\", \"app\": {\"name\": \"y\"}}\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			after, err := edited("p", []byte(c.in), c.f)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, l := range lines(diff("p", []byte(c.in), after)) {
				if (l[0] == '+' || l[0] == '-') && !strings.HasPrefix(l, "---") && !strings.HasPrefix(l, "+++") {
					got.WriteString(l + "\n")
				}
			}
			if got.String() != c.want {
				t.Errorf("got\n%swant\n%s\n%s", got.String(), c.want, after)
			}
			// An edit of the result that changes nothing leaves it alone.
			if again, err := edited("p", after, c.f); name != "four blanks" && name != "dashes below the key" && (err != nil || string(again) != string(after)) {
				t.Errorf("the second time: %v\n%s", err, diff("p", after, again))
			}
		})
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
