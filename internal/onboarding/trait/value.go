package trait

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxText is the longest text value in bytes.
const MaxText = 4096

// DateLayout is the form of every date: ISO 8601, a calendar day without zone.
const DateLayout = "2006-01-02"

// Value is a typed value in its canonical text form. The zero Value is empty
// text.
type Value struct {
	typ  Type
	text string
	list []string
}

// ParseError tells why a text is no value of a trait. It never repeats the text
// of a free-text trait.
type ParseError struct {
	What string // what is wrong
	Do   string // what to write instead
}

func (e *ParseError) Error() string { return e.What + "; " + e.Do }

// Parse reads a value of this trait from text. Sets are separated by commas.
// The error is a *ParseError.
func (t Trait) Parse(text string) (Value, error) {
	switch t.Type {
	case Bool:
		if text == "true" || text == "false" {
			return Value{typ: Bool, text: text}, nil
		}
		return Value{}, t.refuse(text, "write true or false")
	case One:
		if t.Has(text) {
			return Value{typ: One, text: text}, nil
		}
		return Value{}, t.refuse(text, "choose one of "+strings.Join(t.Values(), ", "))
	case Many:
		return t.parseMany(text)
	case Version:
		if _, err := parts(text); err != nil {
			return Value{}, t.refuse(text, `write a version such as "5.9.2"`)
		}
		return Value{typ: Version, text: text}, nil
	case Date:
		if _, err := time.Parse(DateLayout, text); err != nil {
			return Value{}, t.refuse(text, "write a day as YYYY-MM-DD, for example 2026-11-01")
		}
		return Value{typ: Date, text: text}, nil
	case Records:
		return Value{}, &ParseError{What: string(t.ID) + " is a list of entries", Do: "edit it with ngapi profile client add NAME"}
	default:
		return t.parseText(text)
	}
}

func (t Trait) parseMany(text string) (Value, error) {
	var chosen []string
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if !t.Has(part) {
			return Value{}, t.refuse(part, "choose from "+strings.Join(t.Values(), ", "))
		}
		chosen = append(chosen, part)
	}
	if len(chosen) == 0 {
		return Value{}, &ParseError{What: fmt.Sprintf("%s needs at least one value", t.ID), Do: "choose from " + strings.Join(t.Values(), ", ")}
	}
	return t.many(chosen), nil
}

// many keeps the order of the catalogue, so that equal sets are equal values.
func (t Trait) many(chosen []string) Value {
	v := Value{typ: Many}
	for _, c := range t.Choices {
		if slices.Contains(chosen, c.Value) {
			v.list = append(v.list, c.Value)
		}
	}
	return v
}

func (t Trait) parseText(text string) (Value, error) {
	if !utf8.ValidString(text) {
		return Value{}, &ParseError{What: fmt.Sprintf("%s is not UTF-8 text", t.ID), Do: "save it as UTF-8"}
	}
	if len(text) > MaxText {
		return Value{}, &ParseError{What: fmt.Sprintf("%s is longer than %d bytes", t.ID, MaxText), Do: "shorten it"}
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
		return Value{}, &ParseError{What: fmt.Sprintf("%s holds a control character at byte %d", t.ID, i+1), Do: "remove it"}
	}
	return Value{typ: t.Type, text: text}, nil
}

func (t Trait) refuse(text, do string) error {
	if len(text) > 40 {
		text = text[:40] + "..."
	}
	return &ParseError{What: fmt.Sprintf("%s cannot be %q", t.ID, text), Do: do}
}

// Yes builds a bool value.
func Yes(b bool) Value { return Value{typ: Bool, text: strconv.FormatBool(b)} }

// Word builds an enum value; the caller vouches that it is one of the choices.
func Word(s string) Value { return Value{typ: One, text: s} }

// Names builds the value of a records trait from the names of its entries.
func Names(names []string) Value { return Value{typ: Records, list: names} }

// Type returns the type of the value.
func (v Value) Type() Type { return v.typ }

// String returns the canonical text; sets and records are joined by commas.
func (v Value) String() string {
	if v.typ == Many || v.typ == Records {
		return strings.Join(v.list, ",")
	}
	return v.text
}

// List returns the members of a set, the names of records, or the one value.
func (v Value) List() []string {
	if v.typ == Many || v.typ == Records {
		return v.list
	}
	return []string{v.text}
}

// True tells whether the value is the bool true.
func (v Value) True() bool { return v.typ == Bool && v.text == "true" }

// Has tells whether a set holds the member.
func (v Value) Has(member string) bool { return slices.Contains(v.list, member) }

// Equal compares type and content.
func (v Value) Equal(o Value) bool {
	return v.typ == o.typ && v.text == o.text && slices.Equal(v.list, o.list)
}

// Any returns the value as plain data for JSON: bool, string or []string.
func (v Value) Any() any {
	switch v.typ {
	case Bool:
		return v.True()
	case Many, Records:
		if v.list == nil {
			return []string{}
		}
		return v.list
	default:
		return v.text
	}
}

// CompareVersions compares two dotted versions part by part: 5.10.0 is greater
// than 5.9.2, and a missing part counts as 0. Both must parse.
func CompareVersions(a, b string) (int, error) {
	pa, err := parts(a)
	if err != nil {
		return 0, err
	}
	pb, err := parts(b)
	if err != nil {
		return 0, err
	}
	for i := range max(len(pa), len(pb)) {
		var x, y int
		if i < len(pa) {
			x = pa[i]
		}
		if i < len(pb) {
			y = pb[i]
		}
		if c := cmp.Compare(x, y); c != 0 {
			return c, nil
		}
	}
	return 0, nil
}

// parts splits a version into at most six numbers of at most nine digits. At
// least two parts are wanted, so that a bare 5 or a YAML float is no surprise.
func parts(s string) ([]int, error) {
	fields := strings.Split(s, ".")
	if len(fields) < 2 || len(fields) > 6 {
		return nil, fmt.Errorf("%q is not a version", s)
	}
	out := make([]int, len(fields))
	for i, f := range fields {
		if f == "" || len(f) > 9 || strings.Trim(f, "0123456789") != "" {
			return nil, fmt.Errorf("%q is not a version", s)
		}
		n, err := strconv.Atoi(f)
		if err != nil {
			return nil, fmt.Errorf("%q is not a version", s)
		}
		out[i] = n
	}
	return out, nil
}
