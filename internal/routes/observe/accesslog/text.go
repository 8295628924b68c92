package accesslog

import (
	"bytes"

	"github.com/apionboard/ngapi/internal/routes/observe/address"
)

// combined reads the common and the combined format, with or without a virtual
// host in front and whatever follows the status:
//
//	[vhost[:port] ]client ident user [time] "METHOD target HTTP/1.1" status ...
func combined(line []byte, e *entry) fit {
	at := clock(line)
	if at <= 0 {
		return unfit
	}
	end := bytes.IndexByte(line[at:], ']')
	if end < 0 {
		return unfit
	}
	rest := bytes.TrimLeft(line[at+end+1:], " ")
	if len(rest) == 0 || rest[0] != '"' {
		return unfit
	}
	rest = rest[1:]
	end = closingQuote(rest)
	if end < 0 {
		return unfit
	}
	quoted := rest[:end]
	status, _, ok := number(bytes.TrimLeft(rest[end+1:], " "))
	if !ok {
		return unfit
	}
	requestLine(unescape(quoted, `\x`), e)
	e.status, e.host = status, virtualHost(line[:at])
	return request
}

// clock finds the time in brackets, [10/Oct/2026:13:55:36 or
// [2026-10-10T13:55:36, or returns -1. A bracket in a user name is none.
func clock(line []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(line[from:], '[')
		if i < 0 {
			return -1
		}
		from += i
		t := line[from:]
		if len(t) > 18 && (t[3] == '/' && t[7] == '/' && t[12] == ':' || t[5] == '-' && t[8] == '-' && t[11] == 'T') {
			return from
		}
		from++
	}
}

// closingQuote finds the quotation mark that no backslash stands before.
func closingQuote(s []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(s[from:], '"')
		if i < 0 {
			return -1
		}
		from += i
		slashes := 0
		for slashes < from && s[from-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return from
		}
		from++
	}
}

// virtualHost returns the host in front of the client, or nothing. It is there
// only where four words stand before the time, of which the second looks like
// an address: ident is a dash or a word. The first must not be a bare address,
// which would be a client behind a proxy.
func virtualHost(s []byte) []byte {
	var words [4][]byte
	n := 0
	for len(s) > 0 {
		word, rest, _ := bytes.Cut(s, []byte(" "))
		if s = rest; len(word) == 0 {
			continue
		}
		if n == len(words) {
			return nil
		}
		words[n] = word
		n++
	}
	host := words[0]
	if n != len(words) || !bytes.ContainsAny(words[1], ".:") || !address.IsHost(host) || bytes.IndexByte(host, '.') < 0 {
		return nil
	}
	if len(bytes.Trim(host, "0123456789.:")) == 0 || bytes.Count(host, []byte(":")) > 1 {
		return nil
	}
	return defaultPort(host)
}

// defaultPort takes off the port that an address without one means.
func defaultPort(host []byte) []byte {
	host = bytes.TrimSuffix(host, []byte(":443"))
	return bytes.TrimSuffix(host, []byte(":80"))
}

// haproxy reads the HTTP format of HAProxy, with or without what a system log
// puts in front:
//
//	client:port [time.ms] frontend backend/server 1/2/3/4/5 status ... "METHOD target HTTP/1.1"
func haproxy(line []byte, e *entry) fit {
	at := clock(line)
	if at < 0 {
		return unfit
	}
	end := bytes.IndexByte(line[at:], ']')
	if end < 0 {
		return unfit
	}
	rest := line[at+end+1:]
	var words [4][]byte // frontend, backend/server, timers, status
	for i := range words {
		rest = bytes.TrimLeft(rest, " ")
		words[i], rest, _ = bytes.Cut(rest, []byte(" "))
	}
	if bytes.IndexByte(words[1], '/') < 0 || bytes.Count(words[2], []byte("/")) != 4 || len(bytes.Trim(words[2], "0123456789/+-")) > 0 {
		return unfit
	}
	status, _, ok := number(words[3])
	if !ok && string(words[3]) != "-1" {
		return unfit
	}
	_, quoted, ok := bytes.Cut(rest, []byte(` "`))
	if !ok {
		return unfit
	}
	end = bytes.IndexByte(quoted, '"') // one inside is written #22
	if e.cut = end < 0; !e.cut {
		quoted = quoted[:end]
	}
	requestLine(quoted, e)
	e.target = unescape(e.target, "#")
	e.status = status
	return request
}

// envoy reads the default text format of Envoy and the one of Istio:
//
//	[time] "METHOD path HTTP/2" status flags ... "forwarded" "agent" "id" "authority" "upstream"
//
// Envoy does not escape quotation marks, so the authority is taken only where
// their number is right.
func envoy(line []byte, e *entry) fit {
	if clock(line) != 0 {
		return unfit
	}
	_, rest, ok := bytes.Cut(line, []byte(`] "`))
	if !ok {
		return unfit
	}
	for from := 0; ; {
		i := bytes.Index(rest[from:], []byte(`" `))
		if i < 0 {
			return unfit
		}
		from += i
		if status, after, ok := number(rest[from+2:]); ok {
			requestLine(rest[:from], e)
			e.status, e.host = status, authority(after)
			return request
		}
		from++
	}
}

// authority finds the authority behind the status. Envoy has six bare words
// before its first quoted one and five quoted ones, of which it is the fourth;
// Istio has three bare words, and a reason in quotes as the first of six.
func authority(s []byte) []byte {
	head, _, ok := bytes.Cut(s, []byte(`"`))
	if !ok {
		return nil
	}
	quotes, position := 10, 4
	if n := len(bytes.Fields(head)); n == 3 {
		quotes, position = 12, 5
	} else if n != 5 {
		return nil
	}
	if bytes.Count(s, []byte(`"`)) != quotes {
		return nil
	}
	for range 2*position - 1 {
		_, s, _ = bytes.Cut(s, []byte(`"`))
	}
	host, _, _ := bytes.Cut(s, []byte(`"`))
	return host
}
