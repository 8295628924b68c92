package sourcescan

import "strings"

// A word of a shell command, without its quotation marks.
type word struct {
	text string // with parameters in braces
	line int
	bare bool // only a variable, outside quotation marks: it may hold several words
}

const maxWords = 1000 // of one command

// shellLine gathers the words of a command, which goes on in the next line after
// a backslash.
func (f *finder) shellLine(line string, number int) {
	words, goesOn := shellWords(line, number)
	f.words = append(f.words, words...)
	if !goesOn || len(f.words) > maxWords {
		f.endCommand()
	}
}

// endCommand finds the calls of a whole command.
func (f *finder) endCommand() {
	words := f.words
	f.words = nil
	if len(words) == 0 {
		return
	}
	method, called := commandMethod(words)
	for _, w := range words {
		text := w.text
		if name, value, ok := strings.Cut(text, "="); ok && name != "" && !strings.ContainsAny(name, "/?{$:") {
			text = value // URL=..., --url=...
		}
		if strings.IndexByte(text, '/') >= 0 {
			f.emit(text, false, method, called, w.line)
		}
	}
}

// A command is what the words of a command say about its request.
type command struct {
	method string
	curl   bool // the rules of curl hold
	other  bool // another client
	open   bool // something that is not seen may say the method
	data   bool // curl sends a body
	get    bool // curl puts the data in the query
}

// commandMethod reads the method of a command. For curl the absence of an
// option says it too, unless a variable may hold options.
func commandMethod(words []word) (method string, called bool) {
	var c command
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			next = words[i+1].text
		}
		c.read(w, next)
	}
	called = c.curl || c.other
	switch {
	case c.method != "" || !c.curl || c.open:
		return c.method, called
	case c.data && !c.get:
		return "POST", called
	}
	return "GET", called
}

// read takes in one word; next is the one behind it.
func (c *command) read(w word, next string) {
	option, value, hasValue := strings.Cut(w.text, "=")
	switch option {
	case "curl":
		c.curl = true
	case "http", "https", "xh", "wget":
		c.other = true
	case "-X", "--request", "--method":
		if !hasValue {
			value = next
		}
		c.method = verb(value)
		c.open = c.open || c.method == ""
	case "-I", "--head":
		c.method = "HEAD"
	case "-G", "--get":
		c.get = true
	case "-d", "-F", "--form", "--json", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii":
		c.data = true
	case "-T", "--upload-file", "-K", "--config":
		c.open = true
	default:
		if rest, ok := strings.CutPrefix(w.text, "-X"); ok {
			c.method = verb(rest)
		} else if c.other && c.method == "" && w.text == strings.ToUpper(w.text) {
			c.method = verb(w.text)
		}
	}
	c.open = c.open || w.bare
}

// shellWords splits a line. A hash sign at the beginning of a word begins a
// comment.
func shellWords(line string, number int) (words []word, goesOn bool) {
	s := splitter{line: line, number: number}
	for s.at < len(line) {
		switch c := line[s.at]; {
		case c == '\\' && s.at == len(line)-1:
			s.end()
			return s.words, true
		case c == '#' && !s.inside:
			return s.words, false
		case strings.IndexByte(" \t;|()`", c) >= 0:
			s.end()
			s.at++
		default:
			s.take(c)
		}
	}
	s.end()
	return s.words, false
}

// splitter gathers the words of a line.
type splitter struct {
	line           string
	number, at     int
	words          []word
	text           strings.Builder
	inside, quoted bool
	variables      int
}

// end ends the word.
func (s *splitter) end() {
	if s.inside {
		text := s.text.String()
		bare := !s.quoted && s.variables == 1 && strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}")
		s.words = append(s.words, word{text, s.number, bare})
	}
	s.text.Reset()
	s.inside, s.quoted, s.variables = false, false, 0
}

// take adds what begins with c to the word.
func (s *splitter) take(c byte) {
	s.inside = true
	rest := s.line[s.at+1:]
	switch c {
	case '\\':
		s.text.WriteByte(rest[0])
		s.at += 2
	case '\'', '"':
		n := shellQuote(rest, c)
		text := rest[:n]
		if c == '"' {
			text = resolver{dollar: true}.resolve(text)
		}
		s.text.WriteString(text)
		s.at += n + 2
		s.quoted = true
	case '$', '{':
		if n, name := (resolver{dollar: true}).parameter(s.line[s.at:]); n > 0 {
			s.text.WriteString("{" + name + "}")
			s.variables++
			s.at += n
			return
		}
		fallthrough
	default:
		s.text.WriteByte(c)
		s.at++
	}
}

// shellQuote returns the length of a quoted text up to its closing mark, or to
// the end of the line.
func shellQuote(s string, quote byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && quote == '"' {
			i++
		} else if s[i] == quote {
			return i
		}
	}
	return len(s)
}
