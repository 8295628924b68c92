package settings

import "testing"

// Settings are loaded by almost every command; it should cost nothing that a
// person could notice.
func BenchmarkLoad(b *testing.B) {
	e := env("HOME", "/nonexistent", "NGAPI_COLOR", "never")
	for b.Loop() {
		if _, err := Load(Options{Env: e, GOOS: "linux", Flags: map[string]string{"output": "json"}}); err != nil {
			b.Fatal(err)
		}
	}
}
