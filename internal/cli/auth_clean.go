package cli

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/report"
)

// cleaned takes the secrets out of a rendered document and leaves its form whole.
// A secret, or a token that a server chose, can be any text: "true", "pass", or a
// piece of JSON. So only the texts of a document are searched, each for itself,
// and the words that programs read (the verdict, the status of a check) stay.
func (s *session) cleaned(format string, data []byte) []byte {
	if s.redactor == nil {
		return data
	}
	switch format {
	case "json":
		return cleanJSON(data, s.redactor.Known)
	case "junit":
		return cleanXML(data, s.redactor.Known)
	}
	return []byte(s.redactor.Known(string(data)))
}

// print writes a cleaned document, past the writer that would search it once more.
func (s *session) print(to, bare io.Writer, data []byte) error {
	if s.redactor == nil {
		_, err := to.Write(data)
		return err
	}
	if held, ok := to.(interface{ Flush() error }); ok {
		if err := held.Flush(); err != nil {
			return err
		}
	}
	_, err := bare.Write(data)
	return err
}

// fixed lists members whose values are words of ours.
func fixed() []string {
	return []string{"schema", "asOf", "environment", "verdict", "flow", "id", "status", "severity", "standard", "authMethod"}
}

// cleanJSON cleans the values of a document that are texts.
func cleanJSON(data []byte, clean func(string) string) []byte {
	var out bytes.Buffer
	member := ""
	for len(data) > 0 {
		start := bytes.IndexByte(data, '"')
		if start < 0 {
			break
		}
		end := start + 1
		for end < len(data) && data[end] != '"' {
			if data[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(data) {
			break
		}
		out.Write(data[:start])
		raw := data[start : end+1]
		data = data[end+1:]
		var text string
		switch {
		case json.Unmarshal(raw, &text) != nil:
		case bytes.HasPrefix(data, []byte(":")):
			member = text
		case !slices.Contains(fixed(), member):
			if now := clean(text); now != text {
				if fresh, err := report.JSON(now); err == nil {
					raw = bytes.TrimSpace(fresh)
				}
			}
		}
		out.Write(raw)
	}
	out.Write(data)
	return out.Bytes()
}

// cleanXML cleans texts and attributes of a document of encoding/xml, in which
// no text holds a bare angle bracket or quotation mark. Names and types of test
// cases are words of ours.
func cleanXML(data []byte, clean func(string) string) []byte {
	var out bytes.Buffer
	text := func(raw string) {
		plain := html.UnescapeString(raw)
		now := clean(plain)
		if now == plain {
			out.WriteString(raw)
			return
		}
		_ = xml.EscapeText(&out, []byte(now)) // a buffer takes everything
	}
	for rest := string(data); rest != ""; {
		before, tagged, found := strings.Cut(rest, "<")
		text(before)
		if !found {
			break
		}
		tag, after, _ := strings.Cut(tagged, ">")
		out.WriteByte('<')
		parts := strings.Split(tag, `"`)
		for i, part := range parts {
			if i > 0 {
				out.WriteByte('"')
			}
			if i%2 == 1 && strings.HasSuffix(parts[i-1], " message=") {
				text(part)
			} else {
				out.WriteString(part)
			}
		}
		out.WriteByte('>')
		rest = after
	}
	return out.Bytes()
}
