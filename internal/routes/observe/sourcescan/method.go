package sourcescan

import (
	"slices"
	"strings"
)

// verb returns the method that a word of code names, in any case: get, Post,
// DELETE, and del, which some clients have because delete is reserved.
func verb(word string) string {
	switch m := strings.ToUpper(word); m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
		return m
	case "DEL":
		return "DELETE"
	}
	return ""
}

// callVerb also knows the longer names of methods of HTTP clients.
func callVerb(word string) string {
	if len(word) < 3 || strings.IndexByte("ghpdGHPD", word[0]) < 0 {
		return "" // most words
	}
	if m := verb(word); m != "" {
		return m
	}
	lower := strings.ToLower(word)
	for _, m := range []string{"get", "head", "post", "put", "patch", "delete"} {
		rest, ok := strings.CutPrefix(lower, m)
		if ok && slices.Contains([]string{
			"async", "asjsonasync", "fromjsonasync", "stringasync", "streamasync", "bytearrayasync", "jsonasync", "json",
			"forobject", "forentity", "forlocation", "mapping", "_json", "_async",
		}, rest) {
			return strings.ToUpper(m)
		}
	}
	return ""
}

// leadingMethod splits GET /persons.
func leadingMethod(text string) (method, rest string) {
	word, rest, ok := strings.Cut(text, " ")
	if ok && word == strings.ToUpper(word) && verb(word) != "" && strings.HasPrefix(rest, "/") {
		return verb(word), strings.TrimSpace(rest)
	}
	return "", text
}

// nearestMethod finds the method that a line says: the last one before the path,
// or else the first one after it.
func nearestMethod(code string, literals []literal, start, end int) string {
	before, after := "", ""
	mention := func(at int, method string) {
		switch {
		case method == "":
		case at < start:
			before = method
		case at >= end && after == "":
			after = method
		}
	}
	next := 0
	for at := 0; at < len(code); {
		if next < len(literals) && at >= literals[next].start {
			l := literals[next]
			mention(l.start, quotedMethod(code[:l.start], l.text))
			at, next = max(l.end, at), next+1
			continue
		}
		if !isWordByte(code[at]) {
			at++
			continue
		}
		word := at
		for at < len(code) && isWordByte(code[at]) && (next >= len(literals) || at < literals[next].start) {
			at++
		}
		mention(word, codeMethod(code[:word], code[word:at], code[at:]))
	}
	if before != "" {
		return before
	}
	return after
}

// quotedMethod reads "POST", and "post" behind the word method.
func quotedMethod(before, text string) string {
	m := verb(text)
	if m == text || m == "" {
		return m
	}
	before = strings.ToLower(strings.TrimRight(end(before), " \t:=>'\""))
	if strings.HasSuffix(before, "method") || strings.HasSuffix(before, "verb") || strings.HasSuffix(before, "request(") {
		return m
	}
	return ""
}

// codeMethod reads a word of code: http.MethodGet, HttpMethod.Get, client.get(,
// client.get<T>(, @GET(, [Get(, new HttpGet(, and client.get followed by a
// string, as Ruby has it.
func codeMethod(before, word, after string) string {
	if rest, ok := strings.CutPrefix(word, "Method"); ok && verb(rest) != "" {
		return verb(rest)
	}
	after = strings.TrimLeft(after, " ")
	called := after != "" && strings.IndexByte("(<\"'", after[0]) >= 0
	if rest, ok := strings.CutPrefix(word, "Http"); ok && called && strings.HasSuffix(strings.TrimRight(end(before), " "), "new") {
		return verb(rest)
	}
	m := callVerb(strings.TrimLeft(word, "_"))
	if m == "" || before == "" {
		return ""
	}
	before = end(before)
	owner := strings.TrimRight(before, ".:>-")
	if owner == before {
		if last := before[len(before)-1]; called && (last == '@' || last == '[') {
			return m
		}
		return ""
	}
	lower := strings.ToLower(owner)
	if called || strings.HasSuffix(lower, "method") || strings.HasSuffix(lower, "verb") {
		return m
	}
	return ""
}

// serverRoute knows the beginning of lines in which a server says what it
// answers, which is no call: app.get(, @router.post(, mux.HandleFunc(.
func serverRoute(before string) bool {
	lower := strings.ToLower(strings.TrimSpace(end(before)))
	for _, mark := range []string{"handlefunc(", ".handle(", ".route(", ".mapget(", ".mappost(", ".mapput(", ".mapdelete(", "[route(", "[httpget(", "[httppost(", "[httpput(", "[httpdelete(", "@requestmapping("} {
		if strings.HasSuffix(lower, mark) {
			return true
		}
	}
	i := strings.LastIndexByte(lower, '(')
	if i < 0 || strings.TrimSpace(lower[i+1:]) != "" {
		return false
	}
	owner, name, ok := lastDot(lower[:i])
	if !ok || verb(name) == "" && name != "use" && name != "all" {
		return false
	}
	start := len(owner)
	for start > 0 && isWordByte(owner[start-1]) {
		start--
	}
	return slices.Contains([]string{"app", "router", "server", "mux", "fastify", "blueprint", "bp", "route"}, owner[start:])
}

// end returns the last bytes of a piece of code, which is all that matters
// for the word behind it, and keeps a long line from costing its square.
func end(code string) string { return code[max(len(code)-80, 0):] }

func lastDot(s string) (owner, name string, ok bool) {
	for _, mark := range []string{".", "::"} {
		if i := strings.LastIndex(s, mark); i >= 0 {
			return s[:i], s[i+len(mark):], true
		}
	}
	return "", "", false
}
