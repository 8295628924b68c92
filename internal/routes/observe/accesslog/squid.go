package accesslog

import "bytes"

// squid reads the native format of Squid, a proxy that logs where an
// application calls out to:
//
//	1732550400.123   45 client TCP_MISS/200 1024 GET https://host/path user HIER_DIRECT/peer type
func squid(line []byte, e *entry) fit {
	var words [7][]byte // time, milliseconds, client, result/status, bytes, method, address
	for i := range words {
		line = bytes.TrimLeft(line, " ")
		words[i], line, _ = bytes.Cut(line, []byte(" "))
	}
	seconds, fraction, ok := bytes.Cut(words[0], []byte("."))
	if !ok || len(seconds) < 9 || len(fraction) != 3 || !digits(seconds) || !digits(fraction) || !digits(words[1]) || !digits(words[4]) {
		return unfit
	}
	_, status, ok := bytes.Cut(words[3], []byte("/"))
	if !ok {
		return unfit
	}
	e.method, e.target = words[5], words[6]
	e.status, _, _ = number(status)
	return request
}

func digits(s []byte) bool {
	return len(s) > 0 && len(bytes.Trim(s, "0123456789")) == 0
}
