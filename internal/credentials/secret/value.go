// Package secret holds a text that cannot print itself, finds known secrets and
// their derived forms in other text, and keeps secrets: in the system's keyring,
// or, where the user asked for it, in a file that only the user can read.
package secret

// Value is a secret: a client secret, a token, a code, a verifier. It masks
// itself in every verb and marshaller; only Reveal gives the text.
type Value struct{ text string }

// New wraps a text.
func New(text string) Value { return Value{text} }

// Reveal returns the text. Call it where the secret goes on the wire or into a
// store, and nowhere else.
func (v Value) Reveal() string { return v.text }

// Empty tells whether there is no secret.
func (v Value) Empty() bool { return v.text == "" }
