package vocab

import (
	"slices"
	"strings"
	"testing"
)

func TestVouches(t *testing.T) {
	for _, segment := range []string{
		"users", "Users", "userGroups", "user-groups", "user_groups", "HTTPStatus", "allergies", "diagnoses", "addresses",
		"categories", "healthhistoryforms", "paymentmethods", "oauth2", "api-v2", "search.json", "_search", "prices", "id", "me",
	} {
		if !Vouches(segment) {
			t.Errorf("%q is made of words and does not pass", segment)
		}
	}
	for _, segment := range []string{
		"", "-", ".", "..", "v1", "42", "x", "user1", "users-42", "cus_9s6XKzkNRiz8i3", "8f2c1a", "jane-doe", "mary@example.org",
		"grace", "Grace", "GRACE", "mark", "hope", "smith", "jordan", "will", "bill", "may", "june", "april", "grant", "banks", "london", "texas",
		"stockwell", "Bridgewater", "gracehope", "orders-of-grace", "userGrace", "ab", "zz", "E11.9", "z00", "1990-01-01", "diabetes", "cancer",
		"qwertyzxcvbn", "us\u00e9r", "\xff", "users/1", "users%2F1", "users\x00", strings.Repeat("user-", 40), strings.Repeat("user", 11),
	} {
		if Vouches(segment) {
			t.Errorf("%q passes", segment)
		}
	}
}

func TestVersion(t *testing.T) {
	for _, segment := range []string{"v1", "v2", "V3", "v10", "v18.0", "v1.2.3", "v1beta1", "v2alpha", "2.0", "1.0.2", "r4", "R4", "r4b", "stu3", "dstu2"} {
		if !Version(segment) {
			t.Errorf("%q is no version", segment)
		}
	}
	for _, segment := range []string{"", "v", "1", "42", "v58", "V58.6", "V10", "98.6", "2.", ".2", "2.05", "1.2.840.1", "v1.", "v1.2.3.4", "v123", "v1beta10", "r1", "r45", "vx", "2023-01"} {
		if Version(segment) {
			t.Errorf("%q is a version", segment)
		}
	}
}

func TestListKeepsItsRules(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(list, "\n"), "\n")
	if len(lines) < 1500 || !slices.IsSorted(lines) {
		t.Fatalf("%d lines, sorted %t", len(lines), slices.IsSorted(lines))
	}
	for i, line := range lines {
		word := strings.TrimPrefix(line, "-")
		if len(word) < 2 || len(word) > maxPart {
			t.Errorf("line %d: %q has %d letters", i+1, line, len(word))
		}
		if i > 0 && line == lines[i-1] {
			t.Errorf("line %d: %q is there twice", i+1, line)
		}
		for j := range len(word) {
			if !isLower(word[j]) && !isDigit(word[j]) {
				t.Errorf("line %d: %q", i+1, line)
			}
		}
	}
}

// The names that most people of the United States have, with those that are
// English words first; none may pass, alone or with a word beside it.
func TestCommonNamesDoNotPass(t *testing.T) {
	names := strings.Fields(`grace mark hope faith joy dawn rose lily daisy ivy violet ruby amber crystal jade pearl angel star sky summer autumn
		april may june august will bill art rich frank drew chase grant pat rob sue gene guy jack john robin miles norm victor ray dean earl duke
		james mary robert patricia michael jennifer david linda william elizabeth richard barbara joseph susan thomas jessica charles sarah
		smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson taylor moore jackson
		martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill
		flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards
		collins reyes stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox
		long day best cross banks wells waters woods black gray fox wolf bishop knight hunter mason carpenter sharp love reid bush
		jordan paris london austin dallas houston boston chicago texas california georgia virginia florida china france germany india`)
	for _, name := range names {
		for _, segment := range []string{name, strings.ToUpper(name), name + "-user", "user" + strings.ToUpper(name[:1]) + name[1:]} {
			if Vouches(segment) {
				t.Errorf("%q passes", segment)
			}
		}
	}
}

func FuzzVouches(f *testing.F) {
	for _, seed := range []string{"users", "healthhistoryforms", "HTTPServer", "v1beta1", "-_.", "\xff\xfe", "userGrace"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, segment string) {
		if !Vouches(segment) {
			return
		}
		for i := range len(segment) {
			c := segment[i]
			if !isUpper(c) && !isLower(c) && !isDigit(c) && !isDivider(rune(c)) {
				t.Fatalf("%q passes", segment)
			}
		}
	})
}

func BenchmarkVouches(b *testing.B) {
	Vouches("users")
	for b.Loop() {
		Vouches("healthhistoryforms")
	}
}
