// Package archtest holds the tests that keep the house in order: which room
// may import which, who alone may use a library, where the outside world comes
// in, and what the root directory and go.mod may hold.
//
// It has no code of its own. The rules are tables in tables_test.go; the
// checkers are functions from parsed sources to findings, so that each is
// shown to fail on a small example before it is trusted with the tree.
package archtest
