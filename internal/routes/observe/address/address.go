// Package address has the little grammar that all readers of plain text share:
// what a method, a host and an absolute address are, and how a path is written
// so that it is one word of ASCII.
//
// The contract: functions work on bytes of the evidence, keep nothing and never
// fail.
package address

import "bytes"

// Split splits https://user@host:1/path, the target that a forward
// proxy logs, into what follows the host and the host without the user. ok is
// false for everything else.
func Split(target []byte) (rest, host []byte, ok bool) {
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

// IsMethod accepts a word of letters, as every method is.
func IsMethod(s []byte) bool {
	for _, c := range s {
		if (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 20 && s[0] != '-'
}

// IsHost accepts a host or host:port with letters, digits, dots, hyphens,
// underscores, and brackets; - and _ alone, which logs write for none, are none.
func IsHost(s []byte) bool {
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

// Append appends an address and percent-encodes what cannot stand in
// one: controls, spaces, quotation marks, backslashes, everything outside ASCII.
// What was encoded stays as it is.
func Append(to, s []byte) []byte {
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
