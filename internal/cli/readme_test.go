package cli

import (
	"os"
	"strings"
	"testing"
)

// The runs shown in README.md and docs/ are what the program prints: each
// console block whose command names a file of this repository is run from its
// root. A line of three dots stands for any lines.
func TestDocumentedRuns(t *testing.T) {
	t.Chdir("../..")
	ran := 0
	for _, file := range []string{"README.md", "docs/guide.md", "docs/routes.md"} {
		for _, block := range consoleBlocks(t, file) {
			command, want, _ := strings.Cut(block, "\n")
			if !strings.Contains(command, "docs/examples/") {
				continue
			}
			ran++
			args := strings.Fields(command)[2:] // "$ ./ngapi ..."
			stdout, stderr, _ := start(t, nil, args...)
			if missing := missingLine(want, stdout+stderr); missing != "" {
				t.Errorf("%s: %s does not print %q:\n%s", file, command, missing, stdout+stderr)
			}
		}
	}
	if ran == 0 {
		t.Error("no documented run was found")
	}
}

func consoleBlocks(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, part := range strings.Split(string(data), "```console\n")[1:] {
		block, _, _ := strings.Cut(part, "\n```")
		blocks = append(blocks, block)
	}
	return blocks
}

// missingLine returns the first documented line that does not come next in the
// output, or "".
func missingLine(want, got string) string {
	lines := strings.Split(got, "\n")
	skip := false
	for _, w := range strings.Split(want, "\n") {
		if w == "..." {
			skip = true
			continue
		}
		found := false
		for i, line := range lines {
			if line == w {
				lines, found = lines[i+1:], true
				break
			}
			if !skip {
				break
			}
		}
		if !found {
			return w
		}
		skip = false
	}
	return ""
}
