package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// stream reads the markup of one member, element by element.
type stream struct {
	d     *xml.Decoder
	file  io.Closer
	depth int
}

const deepest = 32 // elements inside each other; the form needs fewer than ten

func (b *Book) stream(member string) (*stream, error) {
	f := b.members[member]
	if f == nil {
		return nil, errMarkup
	}
	if f.UncompressedSize64 > uint64(max(b.left, 0)) {
		return nil, errTooLarge
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &stream{d: xml.NewDecoder(budget{r, &b.left}), file: r}, nil
}

func (s *stream) close() { _ = s.file.Close() } // it was only read

// next returns the next token. A document type is refused: nothing in a
// workbook needs one, and entities are how small files grow.
func (s *stream) next() (xml.Token, error) {
	token, err := s.d.Token()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.Directive:
		return nil, errMarkup
	case xml.StartElement:
		if s.depth++; s.depth > deepest {
			return nil, errMarkup
		}
	case xml.EndElement:
		s.depth--
	}
	return token, nil
}

// text reads the text of a string item (si, is) up to its end: the runs joined,
// without the phonetic reading that some editors add.
func (s *stream) text(until string) (string, error) {
	var out strings.Builder
	inText, phonetic := false, 0
	for {
		token, err := s.next()
		if err != nil {
			return "", early(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "t" || e.Name.Local == "v"
			if e.Name.Local == "rPh" {
				phonetic++
			}
		case xml.EndElement:
			inText = false
			if e.Name.Local == "rPh" {
				phonetic--
			}
			if e.Name.Local == until {
				return unescape(out.String()), nil
			}
		case xml.CharData:
			if inText && phonetic == 0 {
				out.Write(e)
			}
		}
	}
}

// early is the error of a member that ends inside an element.
func early(err error) error {
	if errors.Is(err, io.EOF) {
		return errMarkup
	}
	return err
}

// unescape undoes _xHHHH_, the way in which the form writes characters that XML
// cannot hold. Half of a pair stays as it is.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '_' || !isEscape(s[i:]) {
			out.WriteByte(s[i])
			i++
			continue
		}
		r := rune(0)
		for _, c := range []byte(strings.ToLower(s[i+2 : i+6])) {
			if c >= 'a' {
				c -= 'a' - '0' - 10
			}
			r = r<<4 + rune(c-'0')
		}
		if r >= 0xd800 && r <= 0xdfff {
			out.WriteString(s[i : i+7])
		} else {
			out.WriteRune(r)
		}
		i += 7
	}
	return out.String()
}
