package sheet

import "strings"

// The fixed markup. Namespaces are those of ECMA-376 transitional, which every
// spreadsheet program reads.
const (
	declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace   = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	docRels     = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	pkgRels     = `http://schemas.openxmlformats.org/package/2006/relationships`
	contentType = `application/vnd.openxmlformats-officedocument.spreadsheetml.`

	packageRels = `<Relationships xmlns="` + pkgRels + `"><Relationship Id="rId1" Type="` + docRels +
		`/officeDocument" Target="xl/workbook.xml"/></Relationships>`

	// Fonts: 0 plain, 1 bold, 2 bold white, 3 large bold. Fills: 0 and 1 are
	// fixed by the form, 2 dark blue, 3 slate, 4 light grey. Borders: 0 none, 1
	// hair lines. The order of cellXfs is that of the constants of Style, after
	// the cell that nobody wrote: readers do not look at the look of that one.
	styles = `<styleSheet xmlns="` + mainSpace + `">` +
		`<fonts count="4"><font><sz val="10"/><name val="Calibri"/><family val="2"/></font>` +
		`<font><b/><sz val="10"/><name val="Calibri"/><family val="2"/></font>` +
		`<font><b/><sz val="10"/><color rgb="FFFFFFFF"/><name val="Calibri"/><family val="2"/></font>` +
		`<font><b/><sz val="14"/><name val="Calibri"/><family val="2"/></font></fonts>` +
		`<fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FF1F3864"/><bgColor indexed="64"/></patternFill></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FF595959"/><bgColor indexed="64"/></patternFill></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/><bgColor indexed="64"/></patternFill></fill></fills>` +
		`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>` +
		`<border><left style="hair"><color rgb="FFBFBFBF"/></left><right style="hair"><color rgb="FFBFBFBF"/></right>` +
		`<top style="hair"><color rgb="FFBFBFBF"/></top><bottom style="hair"><color rgb="FFBFBFBF"/></bottom><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="2" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">` +
		`<alignment vertical="center" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="2" fillId="3" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">` +
		`<alignment vertical="center" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="0" fillId="4" borderId="1" xfId="0" applyFill="1" applyBorder="1" applyAlignment="1">` +
		`<alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">` +
		`<alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="3" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

func contentTypes(p *part, sheets int) {
	p.raw(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + contentType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + contentType + `styles+xml"/>`)
	for i := range sheets {
		p.raw(`<Override PartName="/xl/worksheets/sheet`)
		p.int(i + 1)
		p.raw(`.xml" ContentType="` + contentType + `worksheet+xml"/>`)
	}
	p.raw(`</Types>`)
}

func workbookRels(p *part, sheets int) {
	p.raw(`<Relationships xmlns="` + pkgRels + `">`)
	for i := range sheets {
		p.raw(`<Relationship Id="rId`)
		p.int(i + 1)
		p.raw(`" Type="` + docRels + `/worksheet" Target="worksheets/sheet`)
		p.int(i + 1)
		p.raw(`.xml"/>`)
	}
	p.raw(`<Relationship Id="rId`)
	p.int(sheets + 1)
	p.raw(`" Type="` + docRels + `/styles" Target="styles.xml"/></Relationships>`)
}

// workbook names the sheets. What filters and what repeats in print are names
// too, in the order of their text.
func workbook(p *part, tables []Table) {
	p.raw(`<workbook xmlns="` + mainSpace + `" xmlns:r="` + docRels + `"><bookViews><workbookView activeTab="0"/></bookViews><sheets>`)
	for i := range tables {
		p.raw(`<sheet name="`)
		p.text(tables[i].Name)
		p.raw(`" sheetId="`)
		p.int(i + 1)
		p.raw(`" r:id="rId`)
		p.int(i + 1)
		p.raw(`"/>`)
	}
	p.raw(`</sheets>`)
	var names strings.Builder
	for _, kind := range []string{"_xlnm._FilterDatabase", "_xlnm.Print_Titles"} {
		for i := range tables {
			t := &tables[i]
			if t.Bare || len(t.Columns) == 0 {
				continue
			}
			area, hidden := "$1:$1", ""
			if kind == "_xlnm._FilterDatabase" {
				area, hidden = "$A$1:$"+ColumnName(len(t.Columns))+"$"+itoa(t.Rows+1), ` hidden="1"`
			}
			names.WriteString(`<definedName name="` + kind + `" localSheetId="` + itoa(i) + `"` + hidden + `>'` + t.Name + `'!` + area + `</definedName>`)
		}
	}
	if names.Len() > 0 {
		p.raw(`<definedNames>` + names.String() + `</definedNames>`)
	}
	p.raw(`</workbook>`)
}
