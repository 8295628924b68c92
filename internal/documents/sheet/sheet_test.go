package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/documents/sheet"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/testkit"
)

const (
	rels = `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>` +
		`<Relationship Id="r3" Type="x/worksheet" Target="http://example.invalid/x" TargetMode="External"/></Relationships>`
	book = `<workbook xmlns:r="rel"><sheets><sheet name="One &amp; only" r:id="r1"/><sheet name="Far" r:id="r3"/></sheets></workbook>`
)

// pack makes a workbook of hand-written parts; further parts replace the
// usual ones.
func pack(t testing.TB, sheetData string, more ...string) []byte {
	t.Helper()
	parts := map[string]string{
		"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": rels,
		"xl/sharedStrings.xml":     `<sst><si><t>first</t></si><si><r><t>se</t></r><r><rPr><b/></rPr><t>cond</t></r><rPh><t>hidden</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + sheetData + `</sheetData></worksheet>`,
	}
	for i := 0; i+1 < len(more); i += 2 {
		parts[more[i]] = more[i+1]
	}
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read returns the rows of all sheets, each with its number in front.
func read(data []byte, l sheet.Limits) (names []string, rows [][]string, err error) {
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)), l)
	if err != nil {
		return nil, nil, err
	}
	for i := range b.Names() {
		for row, err := range b.Rows(i) {
			if err != nil {
				return b.Names(), rows, err
			}
			rows = append(rows, append([]string{fmt.Sprint(row.Number)}, row.Cells...))
		}
	}
	return b.Names(), rows, nil
}

func TestRead(t *testing.T) {
	data := pack(t, `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" s="4"/></row>`+
		`<row r="3"/><row><c t="b"><v>1</v></c><c><v>5.9000000000000004</v></c><c t="str"><f>A1&amp;"x"</f><v>cached _x0041_</v></c>`+
		`<c t="e"><v>#N/A</v></c><c t="inlineStr"><is><r><t>GET</t></r><r><t xml:space="preserve"> /x</t></r></is></c></row>`+
		`<row r="9"><c r="B9" t="inlineStr"><is><t>_x005F_x0041_ _xD83D_</t></is></c></row>`)
	names, rows, err := read(data, sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(names, []string{"One & only"}) {
		t.Errorf("names %q; what is outside the file is no sheet", names)
	}
	want := [][]string{
		{"2", "first", "", "second"}, {"4", "TRUE", "5.9", "cached A", "#N/A", "GET /x"}, {"9", "", "_x0041_ _xD83D_"},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", rows, want)
	}
}

func TestColumns(t *testing.T) {
	for n, name := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 702: "ZZ", 703: "AAA", 16384: "XFD"} {
		if got := sheet.ColumnName(n); got != name || sheet.ColumnNumber(strings.ToLower(name)) != n {
			t.Errorf("%d is %s, %s is %d", n, got, name, sheet.ColumnNumber(name))
		}
	}
	for _, name := range []string{"", "XFE", "A1", "AAAA", "é"} {
		if n := sheet.ColumnNumber(name); n != 0 {
			t.Errorf("%q is column %d", name, n)
		}
	}
}

// TestHostile: every broken or oversized workbook ends with exit.Usage and
// without a word of what is inside.
func TestHostile(t *testing.T) {
	const canary = "canary8842"
	good := pack(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>`+canary+`</t></is></c></row>`)
	small := sheet.DefaultLimits()
	small.Inflated, small.Rows, small.Cells, small.Columns, small.Strings, small.Members = 1<<20, 10, 20, 5, 10, 10
	cell := `<c t="inlineStr"><is><t>` + canary + `</t></is></c>`
	entities := `<!DOCTYPE x [<!ENTITY a "` + canary + `"><!ENTITY b "&a;&a;&a;">]>`
	for name, data := range map[string][]byte{
		"empty": {}, "text": []byte("method,path\nGET," + canary), "old form": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + canary),
		"cut": good[:len(good)/2], "no directory": []byte("PK\x03\x04" + canary),
		"not a workbook":   pack(t, "", "xl/workbook.xml", canary+"<"),
		"no sheet":         pack(t, "", "xl/worksheets/sheet1.xml", ""),
		"entities":         pack(t, "", "xl/worksheets/sheet1.xml", entities+`<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>`),
		"shared entities":  pack(t, "<row/>", "xl/sharedStrings.xml", entities+`<sst><si><t>&b;</t></si></sst>`),
		"unknown entity":   pack(t, `<row><c><v>&`+canary+`;</v></c></row>`),
		"open cell":        pack(t, "", "xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c><v>`+canary),
		"deep":             pack(t, strings.Repeat("<"+canary+">", 1000)),
		"bomb":             pack(t, `<row><c><v>`+strings.Repeat("0", 4<<20)+`</v></c></row>`),
		"many rows":        pack(t, strings.Repeat("<row/>", 11)),
		"many cells":       pack(t, strings.Repeat("<row>"+strings.Repeat(cell, 5)+"</row>", 5)),
		"wide":             pack(t, "<row>"+strings.Repeat(cell, 6)+"</row>"),
		"far":              pack(t, `<row r="1"><c r="XFD1"><v>1</v></c></row>`),
		"many strings":     pack(t, "<row/>", "xl/sharedStrings.xml", `<sst>`+strings.Repeat(`<si><t>`+canary+`</t></si>`, 11)+`</sst>`),
		"many members":     pack(t, "", "1", "", "2", "", "3", "", "4", "", "5", "", "6", "", "7", "", "8", ""),
		"string index":     pack(t, `<row><c t="s"><v>7</v></c></row>`),
		"string no index":  pack(t, `<row><c t="s"><v>`+canary+`</v></c></row>`),
		"rows go back":     pack(t, `<row r="5"/><row r="4"/>`),
		"columns go back":  pack(t, `<row r="1"><c r="C1"/><c r="B1"/></row>`),
		"wrong row":        pack(t, `<row r="1"><c r="C2"/></row>`),
		"no such row":      pack(t, `<row r="9999999"/>`),
		"utf-16":           pack(t, "", "xl/worksheets/sheet1.xml", `<?xml version="1.0" encoding="UTF-16"?><worksheet/>`),
		"missing sheet":    pack(t, "", "xl/_rels/workbook.xml.rels", strings.ReplaceAll(rels, "sheet1.xml", canary)),
		"missing workbook": pack(t, "", "_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="../../`+canary+`"/></Relationships>`),
	} {
		_, _, err := read(data, small)
		if exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("%s: the error repeats what was read: %v", name, err)
		}
	}
	big := sheet.DefaultLimits()
	big.Size = 10
	if _, _, err := read(good, big); exit.Of(err) != exit.Usage {
		t.Errorf("a large file: %v", err)
	}
}

// TestSumOfMembers: the bound on inflated bytes is one for the whole workbook.
func TestSumOfMembers(t *testing.T) {
	l := sheet.DefaultLimits()
	l.Inflated = 3000
	blank := strings.Repeat(" ", 2000)
	_, _, err := read(pack(t, blank, "xl/sharedStrings.xml", "<sst>"+blank+"</sst>"), l)
	if exit.Of(err) != exit.Usage {
		t.Errorf("two members of 2,000 bytes in 3,000: %v", err)
	}
}

// TestLyingArchive: a member that says it is small is not believed.
func TestLyingArchive(t *testing.T) {
	var packed, out bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err == nil {
		_, err = io.WriteString(w, "<worksheet><sheetData>"+strings.Repeat("<row/>", 4<<20))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&out)
	for name, text := range map[string]string{"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": rels} {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 100})
	if err == nil {
		_, err = f.Write(packed.Bytes())
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	l := sheet.DefaultLimits()
	l.Inflated, l.Rows = 1<<20, 1<<30
	if _, _, err := read(out.Bytes(), l); exit.Of(err) != exit.Usage {
		t.Errorf("%d packed bytes that inflate to 24 MiB: %v", out.Len(), err)
	}
}

// TestUnusualParts: places and forms that other programs use.
func TestUnusualParts(t *testing.T) {
	data := pack(t, "", "_rels/.rels", `<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/book/main.xml"/></Relationships>`,
		"book/main.xml", book, "book/_rels/main.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<x:worksheet xmlns:x="strict"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>ok</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`)
	_, rows, err := read(data, sheet.DefaultLimits())
	if err != nil || fmt.Sprint(rows) != "[[1 ok]]" {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestWriteRefusesWhatTheFormCannotHold(t *testing.T) {
	for _, table := range []sheet.Table{{Name: "a", Rows: sheet.MaxRows}, {Name: "a", Columns: make([]sheet.Column, sheet.MaxColumns+1)}} {
		if err := sheet.Write(io.Discard, []sheet.Table{table}); exit.Of(err) != exit.Usage {
			t.Errorf("%d rows, %d columns: %v", table.Rows, len(table.Columns), err)
		}
	}
	full := errors.New("disk full")
	if err := sheet.Write(failing{full}, []sheet.Table{{Name: "a"}}); !errors.Is(err, full) {
		t.Errorf("a full disk: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func FuzzRead(f *testing.F) {
	f.Add(pack(f, `<row r="2"><c r="A2" t="s"><v>0</v></c></row>`))
	f.Add(pack(f, `<row><c t="inlineStr"><is><t>a</t></is></c></row>`, "_rels/.rels", `<Relationships/>`))
	l := sheet.DefaultLimits()
	l.Inflated = 1 << 20
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, _, err := read(data, l); err != nil && exit.Of(err) != exit.Usage {
			t.Errorf("%v", err)
		}
	})
}

// FuzzSheetXML puts the input into the parts, where the archive does not hide
// it from the fuzzer.
func FuzzSheetXML(f *testing.F) {
	f.Add(`<row r="2"><c r="A2" t="s"><v>0</v></c></row>`, `<si><t>a</t></si>`)
	f.Add(`<row><c t="inlineStr"><is><t>_x0041_</t></is></c></row>`, `<!DOCTYPE a>`)
	f.Fuzz(func(t *testing.T, rows, texts string) {
		_, got, err := read(pack(t, rows, "xl/sharedStrings.xml", "<sst>"+texts+"</sst>"), sheet.DefaultLimits())
		if err != nil && exit.Of(err) != exit.Usage {
			t.Errorf("%v", err)
		}
		last := "0"
		for _, row := range got {
			if len(row[0]) < len(last) || len(row[0]) == len(last) && row[0] <= last {
				t.Errorf("row %s after row %s", row[0], last)
			}
			last = row[0]
		}
	})
}

// FuzzWrite: what was written comes back, up to what XML cannot hold.
func FuzzWrite(f *testing.F) {
	f.Add("a", "_x000D_\n\"<&>")
	f.Fuzz(func(t *testing.T, a, b string) {
		var out bytes.Buffer
		err := sheet.Write(&out, []sheet.Table{{Name: "T", Columns: []sheet.Column{{Name: a}, {Name: "b"}}, Rows: 1, Row: func(int) []string { return []string{b, "end"} }}})
		if err != nil {
			t.Fatal(err)
		}
		_, rows, err := read(out.Bytes(), sheet.DefaultLimits())
		if err != nil || len(rows) != 2 || rows[1][2] != "end" {
			t.Fatalf("%q, %v", rows, err)
		}
		if plain := strings.Trim(b, "abcdefghijklmnopqrstuvwxyz_0123456789 \n<>&\"'"); plain == "" && rows[1][1] != b {
			t.Errorf("%q came back as %q", b, rows[1][1])
		}
	})
}

// TestGoldenParts holds the markup of a small workbook still.
func TestGoldenParts(t *testing.T) {
	var out bytes.Buffer
	err := sheet.Write(&out, []sheet.Table{
		{Name: "T", Columns: []sheet.Column{{Name: "a<b", Width: 10.5, Head: sheet.Head}, {Name: "n", Number: true, Choices: []string{"1", "2"}}}, Rows: 1,
			Row: func(int) []string { return []string{"x", "07"} }},
		{Name: "B", Bare: true, Columns: []sheet.Column{{Width: 5}}, Rows: 1, Row: func(int) []string { return []string{"title", "too many"} }},
	})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "-- %s --\n%s\n", f.Name, bytes.ReplaceAll(text, []byte("><"), []byte(">\n<")))
	}
	testkit.Golden(t, "parts.txt", all.Bytes())
}
