package catalog

import (
	"slices"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
)

// GridMap says in which columns of a tab things stand, where their content does
// not show it. Columns count from 1; 0 means find it, -1 that there is none.
type GridMap struct {
	Tab                               string // name or number of the tab; "" means every tab
	Method, Path, GSA, USCDIv1, Since int
	BlankNo                           bool // a blank cell of a yes or no column means no
}

// GridOptions steer ParseGrid.
type GridOptions struct {
	Maps []GridMap // a later one wins
}

// ParseGridMap reads "method=B,path=C,gsa=E,uscdi_v1=F,since=G", with "@TAB"
// behind it for one tab only. "-" in place of a column says that there is none;
// "blank=no" says what a blank cell means. The error is an *exit.Error with
// exit.Usage.
func ParseGridMap(text string) (GridMap, error) {
	var m GridMap
	text, m.Tab, _ = strings.Cut(text, "@")
	m.Tab = strings.TrimSpace(m.Tab)
	for item := range strings.SplitSeq(text, ",") {
		key, value, _ := strings.Cut(item, "=")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if key == "blank" && strings.EqualFold(value, "no") {
			m.BlankNo = true
			continue
		}
		into, column := m.field(key), columnNumber(value)
		if into == nil || column == 0 {
			return GridMap{}, exit.Errorf(exit.Usage,
				"--map cannot be read; write method=B,path=C,gsa=E,uscdi_v1=F,since=G[@TAB], - for a column that is not there, and blank=no")
		}
		*into = column
	}
	return m, nil
}

func (m *GridMap) field(key string) *int {
	switch key {
	case "method":
		return &m.Method
	case "path":
		return &m.Path
	case "gsa":
		return &m.GSA
	case "uscdi_v1":
		return &m.USCDIv1
	case "since":
		return &m.Since
	}
	return nil
}

// over lays the columns that other names over those of m.
func (m GridMap) over(other GridMap) GridMap {
	for _, key := range []string{"method", "path", "gsa", "uscdi_v1", "since"} {
		if v := *other.field(key); v != 0 {
			*m.field(key) = v
		}
	}
	m.BlankNo = m.BlankNo || other.BlankNo
	return m
}

// of lays the maps over one another that hold for a tab.
func (o GridOptions) of(name string, number int) GridMap {
	var m GridMap
	for _, one := range o.Maps {
		if one.Tab == "" || one.names(name, number) {
			m = m.over(one)
		}
	}
	return m
}

// names tells whether a map asks for a tab to be read: one with its name or
// number, or one that says where the paths are when there is no other tab.
func (o GridOptions) names(name string, number int, only bool) bool {
	return slices.ContainsFunc(o.Maps, func(m GridMap) bool {
		return m.names(name, number) || only && m.Tab == "" && m.Path > 0
	})
}

func (m *GridMap) names(name string, number int) bool {
	if m.Tab == "" {
		return false
	}
	word := letters(m.Tab)
	return m.Tab == strconv.Itoa(number) || strings.EqualFold(m.Tab, strings.TrimSpace(name)) || word != "" && word == letters(name)
}

// columnNumber reads the letters of a column, at most three; -1 for "-" and 0
// for what is no column.
func columnNumber(name string) int {
	if name == "-" {
		return -1
	}
	n := 0
	for _, c := range []byte(strings.ToUpper(name)) {
		if c < 'A' || c > 'Z' || n > 26*26 {
			return 0
		}
		n = n*26 + int(c-'A') + 1
	}
	return n
}

// columnName is the reverse, "" for a column that is not there.
func columnName(column int) string {
	name := ""
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}
