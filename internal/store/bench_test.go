package store

import "testing"

func BenchmarkParse(b *testing.B) {
	data := []byte(example)
	for b.Loop() {
		if _, err := Parse("p", data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEdit(b *testing.B) {
	data := []byte(example)
	change := set("app.name", "Other", "ga.approved", "2026-11-23")
	for b.Loop() {
		if _, err := edited("p", data, change); err != nil {
			b.Fatal(err)
		}
	}
}
