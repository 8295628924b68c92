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
		if name, value, ok := strings.Cut(text, "="); ok && name != "" && len(strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-")) == 0 {
			text = value // URL=..., --url=...
		}
		if strings.IndexByte(text, '/') >= 0 {
			f.emit(text, false, method, called, w.line)
		}
	}
}

// commandMethod reads the method of a command. For curl the absence of an
// option says it too, unless a variable may hold options.
func commandMethod(words []word) (method string, called bool) {
	curl, open, data, get := false, false, false, false
	for i, w := range words {
		option, value, _ := strings.Cut(w.text, "=")
		switch {
		case w.text == "curl":
			curl, called = true, true
		case w.text == "http" || w.text == "https" || w.text == "xh" || w.text == "wget":
			called = true
		case option == "--request" || option == "--method" || option == "-X":
			if value == "" && i+1 < len(words) {
				value = words[i+1].text
			}
			method = verb(value)
			open = open || method == ""
		case strings.HasPrefix(w.text, "-X"):
			method = verb(w.text[2:])
		case option == "-I" || option == "--head":
			method = "HEAD"
		case option == "-G" || option == "--get":
			get = true
		case option == "-d" || strings.HasPrefix(option, "--data") || option == "--json" || option == "-F" || option == "--form":
			data = true
		case option == "-T" || option == "--upload-file" || option == "-K" || option == "--config":
			open = true
		case called && !curl && method == "" && w.text == strings.ToUpper(w.text):
			method = verb(w.text)
		}
		open = open || w.bare
	}
	switch {
	case method != "" || !curl || open:
		return method, called
	case data && !get:
		return "POST", called
	}
	return "GET", called
}

// shellWords splits a line. A hash sign at the beginning of a word begins a
// comment.
func shellWords(line string, number int) (words []word, goesOn bool) {
	var b strings.Builder
	inside, quoted, variables := false, false, 0
	end := func() {
		if inside {
			text := b.String()
			bare := !quoted && variables == 1 && strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}")
			words = append(words, word{text, number, bare})
		}
		b.Reset()
		inside, quoted, variables = false, false, 0
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\' && i == len(line)-1:
			end()
			return words, true
		case c == '\\':
			i++
			b.WriteByte(line[i])
			inside = true
		case c == '\'' || c == '"':
			n := shellQuote(line[i+1:], c)
			text := line[i+1 : i+1+n]
			if c == '"' {
				text = resolver{dollar: true}.resolve(text)
			}
			b.WriteString(text)
			i += n + 1
			inside, quoted = true, true
		case c == ' ' || c == '\t' || c == ';' || c == '|' || c == '(' || c == ')' || c == '`':
			end()
		case c == '#' && !inside:
			return words, false
		default:
			inside = true
			if n, name := (resolver{dollar: true}).parameter(line[i:]); n > 0 && (c == '$' || c == '{') {
				b.WriteString("{" + name + "}")
				variables++
				i += n - 1
				continue
			}
			b.WriteByte(c)
		}
	}
	end()
	return words, false
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
