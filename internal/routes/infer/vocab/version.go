package vocab

import "strings"

// maxMajor is the highest major version that counts as one. Higher numbers
// after a letter are rather codes: V58 is a diagnosis in ICD-9.
const maxMajor = 29

// Version reports whether a path segment is a version: v1, v2.1, v1beta1, 2.0,
// 1.0.2, or a release of FHIR such as r4. A number alone is none, because it
// may be an identifier, and neither is one of several digits before a dot
// without a v, because it may be a measurement.
func Version(segment string) bool {
	switch strings.ToLower(segment) {
	case "r2", "r3", "r4", "r4b", "r5", "stu3", "dstu2":
		return true
	}
	rest, hasV := strings.CutPrefix(segment, "v")
	if !hasV {
		rest, hasV = strings.CutPrefix(segment, "V")
		hasV = hasV && len(rest) == 1 // a capital V and two digits may be a code
		if !hasV {
			return bareVersion(segment)
		}
	}
	major, rest := digits(rest)
	if major < 0 || major > maxMajor {
		return false
	}
	return dotted(rest, 2) || stage(rest)
}

// bareVersion accepts 2.0 and 1.0.2: one digit before each dot.
func bareVersion(s string) bool {
	return len(s) >= 3 && isDigit(s[0]) && s[1] == '.' && dotted(s[1:], 2) && (len(s) == 3 || len(s) == 5)
}

// dotted accepts up to most numbers of one or two digits, each after a dot.
func dotted(s string, most int) bool {
	for range most {
		if s == "" {
			return true
		}
		after, isDot := strings.CutPrefix(s, ".")
		n, rest := digits(after)
		if !isDot || n < 0 {
			return false
		}
		s = rest
	}
	return s == ""
}

// stage accepts what follows the number in v1beta1 and v2alpha.
func stage(s string) bool {
	for _, word := range []string{"alpha", "beta"} {
		if rest, found := strings.CutPrefix(s, word); found {
			n, rest := digits(rest)
			return rest == "" && n <= 9
		}
	}
	return false
}

// digits reads one or two digits; the number is -1 where there are none.
func digits(s string) (number int, rest string) {
	i := 0
	for i < len(s) && i < 2 && isDigit(s[i]) {
		number = number*10 + int(s[i]-'0')
		i++
	}
	if i == 0 {
		return -1, s
	}
	return number, s[i:]
}
