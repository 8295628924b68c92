package elide

import (
	"github.com/go-json-experiment/json/jsontext"
)

// Members reads the object that comes next and calls member for each name; it
// has to read or skip the value. The name is as in the document, without
// quotation marks; one that the rules know has no escapes. It is valid until
// the next read. A value that is no object is skipped.
func Members(dec *jsontext.Decoder, member func(name []byte) error) error {
	if dec.PeekKind() != '{' {
		return dec.SkipValue()
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for kind := dec.PeekKind(); kind != '}'; kind = dec.PeekKind() {
		if kind != '"' && kind != 0 { // read as a name it would be held for one
			return Wrong("is not JSON", "it is damaged; export it again")
		}
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := member(raw[1 : len(raw)-1]); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// Elements reads the array that comes next and calls element for each of its
// elements; it has to read or skip it. A value that is no array is skipped.
func Elements(dec *jsontext.Decoder, element func() error) error {
	if dec.PeekKind() != '[' {
		return dec.SkipValue()
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for kind := dec.PeekKind(); kind != ']'; kind = dec.PeekKind() {
		if kind == 0 { // broken or at its end; let the decoder say which
			return dec.SkipValue()
		}
		if err := element(); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// Text appends the string that comes next, decoded, to b. A value that is no
// string is skipped and appends nothing.
func Text(dec *jsontext.Decoder, b []byte) ([]byte, error) {
	if dec.PeekKind() != '"' {
		return b, dec.SkipValue()
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return b, err
	}
	// Broken UTF-8 is replaced and reported; the replacement will do.
	b, _ = jsontext.AppendUnquote(b, raw)
	return b, nil
}
