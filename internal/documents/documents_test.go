package documents_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/documents"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

func submission(l *route.List) documents.Submission {
	r := scope.Judge(l, scope.Options{AsOf: "2026-11-23"})
	return documents.Submission{
		Application: "Acme Scheduler", Organization: "Acme Health", Tool: "1.0.0", AsOf: "2026-11-23",
		Edition: documents.Edition{ID: "2026-11"}, List: l, Scope: &r,
	}
}

// hostile has in every free cell, and in the name of a column, what must not
// come out as it went in.
func hostile(text string) *route.List {
	return &route.List{ExtraColumns: []string{text}, Routes: []route.Route{{
		Method: "GET", Path: "/a", Purpose: text, Evidence: text, Notes: text, Extra: []string{text},
	}}}
}

func renderings(t *testing.T, s documents.Submission) map[string][]byte {
	t.Helper()
	out := map[string][]byte{"markdown": s.Markdown(), "list markdown": documents.ListMarkdown(s.List)}
	for name, render := range map[string]func() ([]byte, error){
		"csv": s.CSV, "json": s.JSON, "list csv": func() ([]byte, error) { return documents.ListCSV(s.List) },
	} {
		data, err := render()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = data
	}
	return out
}

func TestNoFormula(t *testing.T) {
	for _, text := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\uff1d1", "\x00=1", "\u200b=1"} {
		s := submission(hostile(text))
		s.Application, s.Organization = text, text
		data, err := s.CSV()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if trimmed := strings.TrimSpace(cell); trimmed != "" && strings.ContainsAny(trimmed[:1], "=+-@") {
					t.Errorf("csv for %q has the cell %q", text, cell)
				}
			}
		}
		for line := range strings.Lines(string(s.Markdown())) {
			for cell := range strings.SplitSeq(line, "|") {
				if cell = strings.TrimSpace(cell); cell != "" && strings.ContainsAny(cell[:1], "=+@") {
					t.Errorf("markdown for %q has the cell %q", text, cell)
				}
			}
		}
		var doc struct {
			Application string
			Routes      []struct{ Purpose, Notes, Evidence string }
		}
		if data, err = s.JSON(); err != nil || json.Unmarshal(data, &doc) != nil {
			t.Fatalf("json for %q: %v", text, err)
		}
		for _, v := range []string{doc.Application, doc.Routes[0].Purpose, doc.Routes[0].Notes, doc.Routes[0].Evidence} {
			if trimmed := strings.TrimSpace(v); strings.ContainsAny(trimmed[:1], "=+-@") {
				t.Errorf("json for %q has %q", text, v)
			}
		}
	}
}

func TestNoControlCharacter(t *testing.T) {
	const text = "a\x1b[31m\x00\x07\x7f\u009b31m\u202e\u2066\ufeffb"
	s := submission(hostile(text))
	s.Application, s.Organization = text, text
	for name, data := range renderings(t, s) {
		if i := bytes.IndexAny(data, "\x1b\x00\x07\x7f\u009b\u202e\u2066\ufeff\r"); i >= 0 {
			t.Errorf("%s: control character in %q", name, data[max(0, i-20):min(len(data), i+20)])
		}
	}
}

func TestMarkdownCellsStayCells(t *testing.T) {
	s := submission(hostile("a|b\n| c | <b>`x`</b> [l](u) ![i](u) $m$ ~s~ *e* \\| # h\r\n---"))
	text := string(documents.ListMarkdown(s.List))
	if n := strings.Count(text, "\n"); n != 3 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	lines := strings.Split(text, "\n")
	bars := func(line string) int {
		return strings.Count(strings.NewReplacer(`\\`, "", `\|`, "").Replace(line), "|")
	}
	if bars(lines[0]) != bars(lines[2]) || bars(lines[1]) != bars(lines[2]) {
		t.Errorf("rows have different numbers of cells:\n%s", text)
	}
	for _, bad := range []string{"<b>", " `x`", "[l]("} {
		if strings.Contains(text, bad) {
			t.Errorf("%q comes through:\n%s", bad, text)
		}
	}
}

func TestEqualInputGivesEqualBytes(t *testing.T) {
	list := hostile("x")
	first, second := renderings(t, submission(list)), renderings(t, submission(list))
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestEveryFormSaysThatThereIsNoTemplate(t *testing.T) {
	s := submission(hostile("x"))
	data, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"markdown": string(s.Markdown()), "json": string(data)} {
		if !strings.Contains(text, documents.NoTemplate) {
			t.Errorf("%s does not", name)
		}
	}
}

func TestEmptyList(t *testing.T) {
	s := submission(&route.List{})
	for name, data := range renderings(t, s) {
		if len(data) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	if data, _ := s.JSON(); !strings.Contains(string(data), `"routes": []`) {
		t.Errorf("no empty list in %s", data)
	}
}

// An export that is read again as a list does not grow.
func TestExportOfAnExport(t *testing.T) {
	s := submission(hostile("x"))
	once, err := s.CSV()
	if err != nil {
		t.Fatal(err)
	}
	list, notices, err := route.Read(bytes.NewReader(once), "export.csv")
	if err != nil || len(notices) > 0 {
		t.Fatal(err, notices)
	}
	twice, err := submission(list).CSV()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(once, twice) {
		t.Errorf("first\n%s\nsecond\n%s", once, twice)
	}
}
