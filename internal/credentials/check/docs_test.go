package check

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The tables of docs/credentials.md are those of the program.
func TestDocumentation(t *testing.T) {
	data, err := os.ReadFile("../../../docs/credentials.md")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| id | severity | flow | mode | what is verified | rests on |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range Table() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", r.ID, r.Severity, r.Flows, r.Mode, r.What, r.Standard)
	}
	if !strings.Contains(string(data), b.String()) {
		t.Errorf("the table of checks differs; it should be:\n%s", b.String())
	}
	for _, v := range Verdicts() {
		if !strings.Contains(string(data), fmt.Sprintf("| %#q | %d |", v.Verdict, v.Code)) {
			t.Errorf("the verdict %s (%d) is not in the table", v.Verdict, v.Code)
		}
	}
}
