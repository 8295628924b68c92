package accesslog

import (
	"bytes"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/address"
)

// observation makes an observation of an entry. ok is false where the line has
// the right form and still names no request: a broken handshake, a tunnel, a
// target that was cut off inside its path.
func (rd *reader) observation(e *entry) (o infer.Observation, ok bool) {
	if !address.IsMethod(e.method) || string(e.method) == "CONNECT" {
		return o, false
	}
	target, host := e.target, e.host
	if rest, authority, absolute := address.Split(target); absolute {
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
	rd.buffer = address.Append(rd.buffer[:0], path)
	split := len(rd.buffer)
	rd.buffer = address.Append(rd.buffer, query)
	text := string(rd.buffer)

	o.Kind, o.Format = infer.Seen, rd.format
	o.Method = rd.methods.text(e.method)
	o.Path, o.Query = text[:split], text[split:]
	if address.IsHost(host) {
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
