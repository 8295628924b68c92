package route

import (
	"net/url"
	"slices"
	"strings"
)

// Shape returns the path with its parameters made anonymous, without a slash
// at the end, percent-decoded and with its query parameters in order. It is
// what two spellings of one route have in common:
//
//	/persons/{personId}/chart/  ->  /persons/{}/chart
//	/Goal?b={y}&a={x}           ->  /Goal?a={}&b={}
func Shape(path string) string {
	p, query, hasQuery := strings.Cut(path, "?")
	var b strings.Builder
	b.Grow(len(path))
	for segment := range strings.SplitSeq(p, "/") {
		if segment == "" {
			continue
		}
		b.WriteByte('/')
		segment = decode(segment)
		if strings.Contains(segment, "/") {
			segment = strings.ReplaceAll(segment, "/", "%2F") // an encoded slash is no separator
		}
		writeAnonymous(&b, segment)
	}
	if b.Len() == 0 {
		b.WriteByte('/')
	}
	if !hasQuery || query == "" {
		return b.String()
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		var q strings.Builder
		key, value, hasValue := strings.Cut(pair, "=")
		writeAnonymous(&q, decode(key))
		if hasValue {
			q.WriteByte('=')
			writeAnonymous(&q, decode(value))
		}
		pairs[i] = q.String()
	}
	slices.Sort(pairs)
	for i, pair := range pairs {
		if i == 0 {
			b.WriteByte('?')
		} else {
			b.WriteByte('&')
		}
		b.WriteString(pair)
	}
	return b.String()
}

// writeAnonymous writes s with every {name} as {}. Text without a closing
// brace is written as it is.
func writeAnonymous(b *strings.Builder, s string) {
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			b.WriteString(s)
			return
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			b.WriteString(s)
			return
		}
		b.WriteString(s[:open])
		b.WriteString("{}")
		s = s[open+end+1:]
	}
}

// decode undoes percent-encoding once, or returns s where that is not
// possible. A plus sign stays a plus sign: these are paths and templates.
func decode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}
