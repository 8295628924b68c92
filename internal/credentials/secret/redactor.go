package secret

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Withheld is what Foreign gives where a secret is known that is too short to be
// searched for.
const Withheld = "[withheld: the secret is too short to be recognised]"

// minCut is how many bytes of a secret have to stand at the end of a text, which
// may have been cut off there, to be taken for its beginning.
const minCut = 6

// Redactor takes secrets out of text: those that it learnt, in all forms that
// encoders make of them, and what is secret by its form alone. It is safe for
// concurrent use.
type Redactor struct {
	mu    sync.RWMutex
	forms []form
	first *[256][]int
	short bool
}

// NewRedactor returns a Redactor that knows no secret yet.
func NewRedactor() *Redactor { return &Redactor{first: index(nil)} }

// Learn adds secrets. An empty one is ignored; one shorter than 4 bytes is not
// searched for, but see Foreign.
func (r *Redactor) Learn(values ...Value) {
	for _, v := range values {
		text := v.Reveal()
		r.add(formsOf(text), text != "" && len(text) < minSearch)
	}
}

// LearnPair adds a secret and what HTTP Basic makes of it and its id, as they are
// and form-encoded (RFC 6749 2.3.1).
func (r *Redactor) LearnPair(id string, v Value) {
	if v.Empty() {
		return
	}
	r.Learn(v)
	r.add(pairForms(id, v.Reveal()), false)
}

// LearnProxy adds the password of a proxy address, as it stands there, decoded,
// and in the Basic header. An address without one adds nothing.
func (r *Redactor) LearnProxy(address string) {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		rest = address
	}
	// By hand, for an address that url.Parse refuses holds a password as well: one
	// with a slash in it, for example, so both ends are tried.
	host := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host = rest[:i]
	}
	for _, part := range []string{host, rest} {
		at := strings.LastIndexByte(part, '@')
		if at < 0 {
			continue
		}
		if user, password, ok := strings.Cut(part[:at], ":"); ok {
			r.learnUser(user, password)
		}
	}
}

func (r *Redactor) learnUser(user, password string) {
	r.LearnPair(user, New(password))
	plainUser, err := url.PathUnescape(user)
	if err != nil {
		return
	}
	if plainPassword, err := url.PathUnescape(password); err == nil {
		r.LearnPair(plainUser, New(plainPassword))
	}
}

func (r *Redactor) add(forms []form, short bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.short = r.short || short
	all := unique(slices.Concat(r.forms, forms))
	if len(all) != len(r.forms) {
		r.forms, r.first = all, index(all) // new ones: a reader may hold the old
	}
}

func (r *Redactor) known() ([]form, *[256][]int, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.forms, r.first, r.short
}

// Clean returns the text with Mask in the place of each secret: those learnt, in
// any form; what follows "Bearer" and "Basic"; the values of members such as
// client_secret, access_token and code in JSON and in forms; and anything of the
// shape of a JWT. Where several overlap, one mask covers all. The beginning of a
// secret at the very end, where the text may have been cut off, is masked too.
// Cleaning a clean text changes nothing.
func (r *Redactor) Clean(text string) string { return r.clean(text, minCut, true) }

// Known returns the text with Mask in the place of each secret that was learnt,
// in any form, and nothing else: for a finished document of our own making, in
// which a word such as "code" announces nothing, and which is not cut off.
func (r *Redactor) Known(text string) string { return r.clean(text, len(text)+1, false) }

func (r *Redactor) clean(text string, least int, foreign bool) string {
	forms, first, _ := r.known()
	for {
		next := masked(text, find(text, forms, first, least, foreign))
		// Masks bring neighbours together, in which there may be something to find.
		// This ends: what changed has fewer bytes outside masks than before.
		if next == text {
			return text
		}
		text = next
	}
}

// masked puts one mask in the place of spans that overlap each other or a mask
// that is there already.
func masked(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	for at := 0; ; at += len(Mask) {
		i := strings.Index(text[at:], Mask)
		if i < 0 {
			break
		}
		at += i
		spans = append(spans, span{from: at, to: at + len(Mask)})
	}
	var out strings.Builder
	done := 0
	for _, s := range merged(spans) {
		out.WriteString(text[done:s.from])
		out.WriteString(Mask)
		done = s.to
	}
	out.WriteString(text[done:])
	return out.String()
}

// merged sorts spans and joins those that overlap.
func merged(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range spans {
		if last := len(out) - 1; last >= 0 && s.from < out[last].to {
			out[last].to = max(out[last].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Foreign makes a text of another's making fit to print: clean, with control
// characters, invisible ones and broken UTF-8 written as escapes, on one line,
// and then cut to at most so many characters, with "..." where something is left
// out. Where a secret shorter than 4 bytes was learnt it returns Withheld.
func (r *Redactor) Foreign(text string, limit int) string {
	if _, _, short := r.known(); short {
		return Withheld
	}
	// Twice: an escape that was made visible could be part of a form.
	shown := []rune(r.Clean(visible(r.Clean(text))))
	if limit >= 0 && len(shown) > limit {
		return string(shown[:limit]) + "..."
	}
	return string(shown)
}

// visible writes what a terminal would act upon as an escape of Go.
func visible(text string) string {
	var out strings.Builder
	for text != "" {
		c, size := utf8.DecodeRuneInString(text)
		switch {
		case c == utf8.RuneError && size == 1:
			out.WriteString(`\x` + strconv.FormatUint(uint64(text[0]), 16))
		case unicode.IsPrint(c):
			out.WriteRune(c)
		default:
			quoted := strconv.QuoteRuneToASCII(c)
			out.WriteString(quoted[1 : len(quoted)-1])
		}
		text = text[size:]
	}
	return out.String()
}
