package apidesc

import (
	"bytes"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/observe/tree"
)

func detectJSON(head []byte, _ string) bool {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(trimmed, []byte("{")) && hasVersion(trimmed)
}

// hasVersion tells whether the object at the beginning of head has a member of
// its own named openapi or swagger; within others the words mean nothing.
func hasVersion(head []byte) bool {
	depth := 0
	for i := 0; i < len(head); i++ {
		switch head[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return false
			}
		case '"':
			end := stringEnd(head, i)
			if word := string(head[i+1 : end]); depth == 1 && (word == "openapi" || word == "swagger") {
				if rest := bytes.TrimLeft(head[min(end+1, len(head)):], " \t\r\n"); len(rest) > 0 && rest[0] == ':' {
					return true
				}
			}
			i = end
		}
	}
	return false
}

// stringEnd is where the string that begins at i has its closing mark, or the
// end of text.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return min(i, len(text))
}

func detectYAML(head []byte, _ string) bool {
	if trimmed := bytes.TrimLeft(head, " \t\r\n"); bytes.HasPrefix(trimmed, []byte("{")) {
		return false // JSON, where a line begins anywhere
	}
	for line := range bytes.Lines(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))) {
		key, _, ok := strings.Cut(string(line), ":")
		if key = strings.Trim(strings.TrimRight(key, " \t"), "\"'"); ok && (key == "openapi" || key == "swagger") {
			return true
		}
	}
	return false
}

// version refuses what is no OpenAPI 3 and no Swagger 2.0: others have their
// operations elsewhere, and would be read as having none.
func version(doc *tree.Value, name string) error {
	openapi, swagger := doc.Get("openapi"), doc.Get("swagger")
	if isVersion(openapi, "3") || isVersion(swagger, "2") {
		return nil
	}
	return exit.Problems(exit.Usage, []exit.Problem{{File: name, What: "is a description in a version other than OpenAPI 3 and Swagger 2.0", Do: "convert it to OpenAPI 3"}})
}

func isVersion(v *tree.Value, major string) bool {
	text := v.Text()
	return text == major || strings.HasPrefix(text, major+".")
}
