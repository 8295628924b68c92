package infer

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer/vocab"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// name gives every parameter a name: that of the catalogue or of an imported
// template, else one made of the word before it. Names depend on the template
// only, so that they are the same in every run.
func (in *inference) name(r *resolved) {
	used := map[string]bool{}
	for i := range r.segments {
		s := &r.segments[i]
		if s.kind == isWord {
			continue
		}
		name := ""
		if s.kind == isParam && (s.rule != ruleTemplateParam || in.printableName(s.text)) {
			name = s.text
		}
		if name == "" {
			name = derived(r.segments[:i], s)
		}
		base := name
		for n := 2; used[name]; n++ {
			name = base + strconv.Itoa(n)
		}
		used[name] = true
		s.spell = name
	}
}

// shareNames gives paths that differ in the names of their parameters only the
// same names: those that the most evidence gives, and then those that come
// first. It makes no difference to a route what its parameters are called.
func (in *inference) shareNames() {
	best := map[string]*resolved{}
	shape := func(r *resolved) string {
		var b strings.Builder
		b.WriteString(r.api)
		for i := range r.segments {
			s := &r.segments[i]
			s.writeShape(&b)
			b.WriteString(s.suffix)
			if s.key != "" {
				b.WriteString("(" + strings.ToLower(s.key))
			}
		}
		return b.String()
	}
	for i := range in.groups {
		r := &in.groups[i]
		k := shape(r)
		o := best[k]
		if o == nil || cmp.Or(cmp.Compare(r.given(), o.given()), cmp.Compare(o.write(), r.write())) > 0 {
			best[k] = r
		}
	}
	for i := range in.groups {
		r := &in.groups[i]
		o := best[shape(r)]
		for k := range r.segments {
			if r.segments[k].kind != isWord {
				r.segments[k].spell = o.segments[k].spell
			}
		}
	}
}

// given counts the parameters that evidence, a catalogue or a person names.
func (r *resolved) given() (n int) {
	for i := range r.segments {
		if s := &r.segments[i]; s.kind == isParam && s.text != "" && s.spell == s.text {
			n++
		}
	}
	return n
}

// printableName tells whether the name that evidence gives to a parameter may be
// printed: a person's name can stand there, too.
func (in *inference) printableName(name string) bool {
	return name != "" && (vocab.Vouches(name) || vocab.Vouches(strings.TrimSuffix(strings.TrimSuffix(name, "Id"), "ID")))
}

// derived makes a name of the word before a parameter: /lab-orders/{labOrderId}.
func derived(before []segment, s *segment) string {
	suffix := "Id"
	if s.rule == ruleTyped+"date" {
		suffix = "Date"
	}
	if s.key != "" {
		return camel(singular(s.key)) + suffix
	}
	if len(before) == 0 || !before[len(before)-1].literal() {
		return strings.ToLower(suffix)
	}
	stem := camel(singular(before[len(before)-1].spell))
	if stem == "" || len(stem) > 50 || stem[0] >= '0' && stem[0] <= '9' {
		return strings.ToLower(suffix)
	}
	return stem + suffix
}

func singular(word string) string {
	lower := strings.ToLower(word)
	switch {
	case strings.HasSuffix(lower, "ies") && len(word) > 4:
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(lower, "sses"), strings.HasSuffix(lower, "xes"), strings.HasSuffix(lower, "ches"), strings.HasSuffix(lower, "shes"):
		return word[:len(word)-2]
	case strings.HasSuffix(lower, "oses"):
		return word[:len(word)-2] + "is"
	case strings.HasSuffix(lower, "s") && !strings.HasSuffix(lower, "ss") && !strings.HasSuffix(lower, "us") && !strings.HasSuffix(lower, "is") && len(word) > 3:
		return word[:len(word)-1]
	}
	return word
}

// camel writes a word with separators in lower camel case, letters and digits
// only.
func camel(word string) string {
	var b strings.Builder
	upper := false
	for _, r := range word {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		switch {
		case !letter:
			upper = b.Len() > 0
			continue
		case upper:
			b.WriteString(strings.ToUpper(string(r)))
		case b.Len() == 0:
			b.WriteString(strings.ToLower(string(r)))
		default:
			b.WriteRune(r)
		}
		upper = false
	}
	return b.String()
}

// printed writes a segment; a mask is numbered later.
func (s *segment) printed() string {
	switch {
	case s.masked:
		return "{?}"
	case s.kind == isWord && !strings.ContainsAny(s.spell, "/?#"):
		return s.spell
	case s.kind == isWord:
		return strings.NewReplacer("/", "%2F", "?", "%3F", "#", "%23").Replace(s.spell)
	case s.key != "":
		return s.key + "({" + s.spell + "})" + s.suffix
	}
	return "{" + s.spell + "}" + s.suffix
}

// fit masks words until a list of routes takes the path: evidence can hold some
// that no list does although something vouches for them, such as a word with a
// space in it.
func (r *resolved) fit() {
	for _, spare := range []bool{true, false} { // words of the grammar and of a catalogued route come last
		for i := range r.segments {
			if _, err := route.Parse(r.method, strings.ReplaceAll(r.write(), "{?}", "{x}")); err == nil {
				return
			}
			s := &r.segments[len(r.segments)-1-i]
			if s.literal() && !(spare && (s.rule == ruleFHIRType || s.rule == ruleCatalogWord && s.taken)) {
				s.masked, s.rule = true, ruleMasked
			}
		}
	}
}

func (r *resolved) write() string {
	var b strings.Builder
	for i := range r.segments {
		b.WriteByte('/')
		b.WriteString(r.segments[i].printed())
	}
	if b.Len() == 0 {
		b.WriteByte('/')
	}
	if r.query != "" {
		b.WriteByte('?')
		b.WriteString(r.query)
	}
	return b.String()
}
