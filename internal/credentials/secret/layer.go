package secret

import "strings"

// A layer is a text with one encoding taken off, and where each byte of it came
// from: HTML around JSON, or a form around JSON, is more than one reading sees.
type layer struct {
	text     string
	from, to []int
}

// layers takes each of the encodings off a text that has any of it.
func layers(text string) map[byte]layer {
	out := map[byte]layer{}
	for mark, decode := range map[byte]func(string, int) []reading{'%': percents, '&': entities, '\\': backslashes} {
		if strings.IndexByte(text, mark) < 0 {
			continue
		}
		if l := taken(text, mark, decode); len(l.text) != len(text) {
			out[mark] = l
		}
	}
	return out
}

// taken decodes each piece by its shortest reading, once.
func taken(text string, mark byte, decode func(string, int) []reading) layer {
	var l layer
	var out strings.Builder
	for at := 0; at < len(text); {
		piece := reading{text[at : at+1], at + 1}
		if text[at] == mark {
			if all := decode(text, at); len(all) > 0 {
				piece = all[0]
			}
		}
		out.WriteString(piece.bytes)
		for range len(piece.bytes) {
			l.from, l.to = append(l.from, at), append(l.to, piece.end)
		}
		at = piece.end
	}
	l.text = out.String()
	return l
}

// back translates spans of the layer to those of the text that it was taken from.
func (l layer) back(spans []span) []span {
	for i, s := range spans {
		spans[i] = span{from: l.from[s.from], to: l.to[s.to-1]}
	}
	return spans
}

// find lists all that is secret in a text: the forms, of which a beginning of at
// least so many bytes counts at the end, and, in a text of another's making, the
// structures.
func find(text string, forms []form, first *[256][]int, least int, foreign bool) []span {
	m := matcher{text: text, forms: forms, first: first, least: least}
	out := m.spans()
	if foreign {
		out = append(out, structures(text)...)
	}
	for mark, l := range layers(text) {
		m := matcher{text: l.text, forms: forms, first: first, least: least}
		out = append(out, l.back(m.spans())...)
		if foreign && mark != '\\' { // a quotation mark that was escaped no longer is
			out = append(out, l.back(structures(l.text))...)
		}
	}
	return out
}
