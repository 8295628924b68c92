// Package secret holds a text that cannot print itself, finds known secrets and
// their derived forms in other text, and keeps secrets: in the system's keyring,
// or, where the user asked for it, in a file that only the user can read.
package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// Mask is what stands in the place of a secret, wherever one would be printed.
const Mask = "[secret]"

// Value is a secret: a client secret, a token, a code, a verifier. It masks
// itself in every verb and marshaller; only Reveal gives the text. It cannot be
// unmarshalled: a secret never comes out of a document by accident.
type Value struct {
	// A pointer, because fmt does not ask the methods of a value in an unexported
	// field of another package's struct; there it prints an address instead.
	text *string
}

// New wraps a text.
func New(text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{&text}
}

// Reveal returns the text. Call it where the secret goes on the wire or into a
// store, and nowhere else.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// Empty tells whether there is no secret.
func (v Value) Empty() bool { return v.text == nil }

// IsZero is Empty, for encoders that leave out what is zero.
func (v Value) IsZero() bool { return v.Empty() }

// Equal compares two secrets in a time that depends on their lengths only.
func (v Value) Equal(other Value) bool {
	return subtle.ConstantTimeCompare([]byte(v.Reveal()), []byte(other.Reveal())) == 1
}

// Format writes the mask, whatever the verb and its flags.
func (v Value) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, Mask) }

// String returns the mask.
func (v Value) String() string { return Mask }

// GoString returns the mask.
func (v Value) GoString() string { return Mask }

// MarshalJSON writes the mask.
func (v Value) MarshalJSON() ([]byte, error) { return []byte(`"` + Mask + `"`), nil }

// MarshalText writes the mask; it serves map keys and XML as well.
func (v Value) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// MarshalYAML writes the mask.
func (v Value) MarshalYAML() (any, error) { return Mask, nil }

// LogValue is the mask.
func (v Value) LogValue() slog.Value { return slog.StringValue(Mask) }
