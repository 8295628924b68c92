package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/terminal"
)

const manyRoutes = 100_000

// manyRoutesCSV writes a list in which no two routes are the same.
func manyRoutesCSV(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("method,path,purpose\n")
	for i := range manyRoutes {
		word := letters(i)
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, "GET,/persons/{personId}/chart/%s/x,some purpose\n", word)
		case 1:
			fmt.Fprintf(&b, "POST,/appointments/%s/y,\n", word)
		default:
			fmt.Fprintf(&b, "GET,/Observation?patient={patient}&%s={value},\n", word)
		}
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("routes.csv", []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return "routes.csv"
}

func letters(i int) string {
	var b []byte
	for ; i >= 0; i = i/26 - 1 {
		b = append(b, byte('a'+i%26))
	}
	return string(b)
}

func TestRoutesAtScale(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: 100,000 routes take some seconds")
	}
	file := manyRoutesCSV(t)
	for _, args := range [][]string{
		{"routes", "check", file},
		{"routes", "check", file, "--all"},
		{"routes", "check", file, "-o", "json"},
		{"routes", "list", file},
		{"routes", "list", file, "-o", "markdown"},
		{"routes", "export", file, "-o", "csv", "-o", "json=out.json"},
		{"routes", "explain", "GET", "/persons"},
	} {
		var out, talk bytes.Buffer
		start := time.Now()
		code := Run(context.Background(), World{
			Streams: terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &talk},
			Env:     func(string) string { return "" },
			Today:   func() string { return "2026-11-23" },
		}, args)
		if code != exit.OK {
			t.Errorf("%q ends with %d: %s", args, code, talk.String())
		}
		limit := 10 * time.Second
		if strings.Contains(strings.Join(args, " "), "json") {
			limit *= 3 // the encoder is seven times slower under the race detector
		}
		if took := time.Since(start); took > limit {
			t.Errorf("%q took %s", args, took)
		} else {
			t.Logf("%-60s %8s %9d bytes", strings.Join(args, " "), took.Round(time.Millisecond), out.Len())
		}
	}
}

// A long list is summed up for people: reasons and a few routes of each.
func TestRoutesCheckStaysShort(t *testing.T) {
	file := manyRoutesCSV(t)
	var out, talk bytes.Buffer
	Run(context.Background(), World{
		Streams: terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &talk},
		Env:     func(string) string { return "" },
		Today:   func() string { return "2026-11-23" },
	}, []string{"routes", "check", file})
	if n := strings.Count(out.String(), "\n"); n > 80 {
		t.Errorf("%d lines", n)
	}
	if !strings.Contains(out.String(), "in 33333 of 100000 routes") {
		t.Errorf("headline: %.200s", out.String())
	}
}

// A list that the store cannot read to its end is never rewritten.
func TestRoutesAddLeavesALargeListAlone(t *testing.T) {
	file := manyRoutesCSV(t)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out, talk bytes.Buffer
	code := Run(context.Background(), World{
		Streams: terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &talk},
		Env:     func(string) string { return "" },
		Today:   func() string { return "2026-11-23" },
	}, []string{"routes", "add", "GET", "/persons"})
	after, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if code == exit.OK && bytes.Count(after, []byte("\n")) < bytes.Count(before, []byte("\n")) {
		t.Error("rows were lost")
	}
	if code != exit.OK && !bytes.Equal(before, after) {
		t.Error("a refused edit changed the list")
	}
}
