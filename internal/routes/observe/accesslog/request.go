package accesslog

import (
	"bytes"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

// observation makes an observation of an entry. ok is false where the line has
// the right form and still names no request: a broken handshake, a tunnel, a
// target that was cut off inside its path.
func (rd *reader) observation(e *entry) (o infer.Observation, ok bool) {
	if !isMethod(e.method) || string(e.method) == "CONNECT" {
		return o, false
	}
	target, host := e.target, e.host
	if rest, authority, absolute := splitAbsolute(target); absolute {
		target, host = rest, authority
	}
	if len(target) == 0 || target[0] != '/' {
		return o, false
	}
	if i := bytes.IndexByte(target, '#'); i >= 0 {
		target = target[:i]
	}
	path, query, hasQuery := bytes.Cut(target, []byte("?"))
	switch {
	case e.cut && !hasQuery:
		return o, false
	case e.cut:
		query = query[:max(bytes.LastIndexByte(query, '&'), 0)]
	case !hasQuery && string(e.query) != "-":
		query = bytes.TrimPrefix(e.query, []byte("?"))
	}
	rd.buffer = appendEncoded(rd.buffer[:0], path)
	split := len(rd.buffer)
	rd.buffer = appendEncoded(rd.buffer, query)
	address := string(rd.buffer)

	o.Kind, o.Format = infer.Seen, rd.format
	o.Method = rd.methods.text(e.method)
	o.Path, o.Query = address[:split], address[split:]
	if isHost(host) {
		o.Host = rd.hosts.text(host)
	}
	if e.status >= 100 && e.status <= 599 {
		o.Status = e.status
	}
	o.Preflight = e.origin && o.Method == "OPTIONS"
	return o, true
}

// requestLine splits GET /path HTTP/1.1. The target may hold spaces: some
// servers log what they were sent.
func requestLine(line []byte, e *entry) {
	method, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok {
		return
	}
	if i := bytes.LastIndexByte(rest, ' '); i >= 0 && bytes.HasPrefix(rest[i+1:], []byte("HTTP/")) {
		rest = rest[:i]
	}
	e.method, e.target = method, rest
}

// splitAbsolute splits https://user@host:1/path, the target that a forward
// proxy logs.
func splitAbsolute(target []byte) (rest, host []byte, ok bool) {
	i := bytes.Index(target, []byte("://"))
	if i < 2 || i > 5 {
		return nil, nil, false
	}
	for _, c := range target[:i] {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return nil, nil, false
		}
	}
	host = target[i+3:]
	end := bytes.IndexAny(host, "/?#")
	if end < 0 {
		end = len(host)
	}
	host, rest = host[:end], host[end:]
	if i := bytes.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if len(rest) == 0 || rest[0] != '/' {
		rest = append([]byte("/"), rest...)
	}
	return rest, host, true
}

// isMethod accepts a word of letters, as every method is.
func isMethod(s []byte) bool {
	for _, c := range s {
		if (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 20 && s[0] != '-'
}

// isHost accepts a host or host:port of which a log can be thought to mean the
// server.
func isHost(s []byte) bool {
	if len(s) == 0 || len(s) > 260 || string(s) == "-" || string(s) == "_" {
		return false
	}
	for _, c := range s {
		if !isHostByte(c) {
			return false
		}
	}
	return true
}

func isHostByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' || c == ':' || c == '[' || c == ']'
}

// appendEncoded appends an address and percent-encodes what cannot stand in
// one: controls, spaces, quotation marks, backslashes, everything outside ASCII.
// What was encoded stays as it is.
func appendEncoded(to, s []byte) []byte {
	for _, c := range s {
		if c <= ' ' || c >= 0x7f || c == '"' || c == '\\' {
			const digits = "0123456789ABCDEF"
			to = append(to, '%', digits[c>>4], digits[c&15])
			continue
		}
		to = append(to, c)
	}
	return to
}

// unescape undoes what a server does to unusual bytes of a text, in place: a
// mark and two hexadecimal digits (\x22 with the mark \x, #22 with #), and with
// a backslash also \" and \\.
func unescape(s []byte, mark string) []byte {
	if bytes.IndexByte(s, mark[0]) < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != mark[0] {
			out = append(out, s[i])
			continue
		}
		if h := i + len(mark); h+2 <= len(s) && string(s[i:h]) == mark {
			hi, lo := hexDigit(s[h]), hexDigit(s[h+1])
			if hi < 16 && lo < 16 {
				out = append(out, hi<<4|lo)
				i = h + 1
				continue
			}
		}
		if mark[0] == '\\' && i+1 < len(s) {
			i++ // \" \\ \t: the letter stands for itself, which is as good in a path
		}
		out = append(out, s[i])
	}
	return out
}

func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 0xff
}

// number reads the digits at the beginning; what stands behind them must be a
// space or the end.
func number(s []byte) (n int, rest []byte, ok bool) {
	i := 0
	for i < len(s) && i < 4 && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i == 0 || i < len(s) && s[i] != ' ' {
		return 0, s, false
	}
	return n, s[i:], true
}
