package collection

import (
	"bytes"
	"io"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/lines"
)

// methodOf returns the HTTP method that a word is, in upper case, or "".
func methodOf(word string) string {
	switch upper := strings.ToUpper(word); upper {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS":
		return upper
	}
	return ""
}

// blockName is the word before the brace that opens a block of a .bru file.
func blockName(line []byte) (string, bool) {
	name, ok := strings.CutSuffix(strings.TrimRight(string(line), " \t"), "{")
	return strings.TrimSpace(name), ok && len(line) > 1 && line[0] != ' ' && line[0] != '\t'
}

func detectBruno(head []byte, name string) bool {
	found := false
	lines.Head(head, 200, func(line []byte) {
		if block, ok := blockName(line); ok && (block == "meta" || methodOf(block) != "" && strings.HasSuffix(name, ".bru")) {
			found = true
		}
	})
	return found && !bytes.HasPrefix(bytes.TrimSpace(head), []byte("{"))
}

// readBruno reads one request of a Bruno collection: the url line of the block
// that is named by its method. Every other block is skipped.
func readBruno(r io.Reader, name string, sink infer.Sink) (n int64, err error) {
	in := lines.New(r, name)
	method := ""
	for in.Next() {
		line := in.Line()
		if block, ok := blockName(line); ok {
			method = methodOf(block)
			continue
		}
		if len(line) > 0 && line[0] == '}' {
			method = ""
		}
		address, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("url:"))
		if method == "" || !ok {
			continue
		}
		k, err := (saved{method, string(address)}).emit(sink, "bruno", nil)
		if n += k; err != nil {
			return n, err
		}
	}
	return n, in.Err()
}

func detectHTTP(head []byte, name string) bool {
	found, whole, marked, log, other := false, false, false, false, 0
	lines.Head(head, 100, func(line []byte) {
		s := string(line)
		log = log || strings.HasPrefix(s, "#Fields:") || strings.HasPrefix(s, "#Version:") || strings.HasPrefix(s, "#Software:")
		marked = marked || strings.HasPrefix(s, "###")
		switch {
		case found:
		case requestLine(s) != (saved{}):
			found, whole = true, wholeRequest(s)
		case !ignorable(line):
			other++
		}
	})
	named := strings.HasSuffix(name, ".http") || strings.HasSuffix(name, ".rest")
	return found && !log && (named || other == 0 && (marked || whole))
}

// wholeRequest tells whether a request line could be nothing else: its target
// is absolute or begins with a variable, and only HTTP/x follows. A log that
// begins its lines with the method goes on with a status.
func wholeRequest(line string) bool {
	f := strings.Fields(tidy(line))
	if len(f) > 1 && strings.HasPrefix(f[len(f)-1], "HTTP/") {
		f = f[:len(f)-1]
	}
	if len(f) > 1 && methodOf(f[0]) != "" {
		f = f[1:]
	}
	return len(f) == 1 && (strings.HasPrefix(f[0], "{{") || strings.HasPrefix(f[0], "http://") || strings.HasPrefix(f[0], "https://"))
}

// ignorable lines may stand before the first request of a .http file.
func ignorable(line []byte) bool {
	s := strings.TrimSpace(string(line))
	return s == "" || s[0] == '#' || s[0] == '@' || strings.HasPrefix(s, "//")
}

// requestLine reads GET https://host/path HTTP/1.1, or an address alone.
func requestLine(line string) saved {
	f := strings.Fields(line)
	switch {
	case len(f) == 0 || line[0] == ' ' || line[0] == '\t':
	case methodOf(f[0]) != "" && f[0] == strings.ToUpper(f[0]) && len(f) > 1 && isAddress(f[1]):
		address := strings.TrimSpace(line[len(f[0]):])
		if i := strings.LastIndex(address, " HTTP/"); i > 0 {
			address = address[:i]
		}
		return saved{f[0], address}
	case len(f) == 1 && (strings.HasPrefix(f[0], "https://") || strings.HasPrefix(f[0], "http://")):
		return saved{"GET", f[0]}
	}
	return saved{}
}

func isAddress(s string) bool {
	return strings.Contains(s, "://") || strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "/")
}

// readHTTP reads a .http file: requests that ### divides. The first line of a
// part that is no comment and no definition is the request; lines behind it that
// begin with ? or &, or indented with /, go on with its address. Everything else is skipped.
func readHTTP(r io.Reader, name string, sink infer.Sink) (n int64, err error) {
	h := httpFile{vars: map[string]string{}}
	in := lines.New(r, name)
	for in.Next() {
		h.line(string(in.Line()))
	}
	if err := in.Err(); err != nil {
		return 0, err
	}
	for _, one := range h.requests {
		k, err := one.emit(sink, "http-file", h.vars)
		if n += k; err != nil {
			return n, err
		}
	}
	return n, nil
}

// A httpFile is what was read of a .http file. Definitions may follow their use.
type httpFile struct {
	vars     map[string]string
	requests []saved
	inside   bool // a request line was seen in this part
	query    bool // the lines before this one belong to the address
}

func (h *httpFile) line(line string) {
	trimmed := strings.TrimSpace(line)
	if strings.HasPrefix(trimmed, "###") {
		h.inside, h.query = false, false
		return
	}
	if h.inside {
		more := strings.HasPrefix(trimmed, "?") || strings.HasPrefix(trimmed, "&") ||
			strings.HasPrefix(trimmed, "/") && !strings.HasPrefix(trimmed, "//") && line[0] != '/'
		if h.query && more {
			trimmed, _, _ = strings.Cut(trimmed, " HTTP/")
			h.requests[len(h.requests)-1].address += trimmed
		}
		h.query = h.query && more
		return
	}
	if name, value, ok := strings.Cut(strings.TrimPrefix(trimmed, "@"), "="); ok && strings.HasPrefix(trimmed, "@") {
		h.vars[strings.TrimSpace(name)] = strings.TrimSpace(value)
		return
	}
	if one := requestLine(line); one != (saved{}) {
		h.requests = append(h.requests, one)
		h.inside, h.query = true, true
	}
}
