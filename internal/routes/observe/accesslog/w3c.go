package accesslog

import (
	"bytes"
	"strings"
)

// w3c reads W3C extended logs: the directive #Fields names the columns of the
// lines below it, and may come again with other ones.
type w3c struct {
	known                                       bool // there was a #Fields directive
	count                                       int
	method, uri, stem, query, status, host, org int // columns, -1 for none
	hostRank                                    int
	words                                       [][]byte
}

func (w *w3c) parse(line []byte, e *entry) fit {
	if line[0] == '#' {
		return w.directive(line)
	}
	if !w.known || w.method < 0 || w.uri < 0 && w.stem < 0 || !w.split(line) {
		return unfit
	}
	e.method, e.query, e.host = w.word(w.method), w.word(w.query), defaultPort(w.word(w.host))
	if e.target = w.word(w.uri); len(e.target) == 0 {
		e.target = w.word(w.stem)
	}
	e.status, _, _ = number(w.word(w.status))
	origin := w.word(w.org)
	e.origin = len(origin) > 0 && string(origin) != "-"
	return request
}

func (w *w3c) word(column int) []byte {
	if column < 0 {
		return nil
	}
	return w.words[column]
}

// directive reads #Fields; the others (#Version, #Date) say nothing about
// requests.
func (w *w3c) directive(line []byte) fit {
	const mark = "#fields:"
	if len(line) < len(mark) || !strings.EqualFold(string(line[:len(mark)]), mark) {
		return aside
	}
	*w = w3c{known: true, method: -1, uri: -1, stem: -1, query: -1, status: -1, host: -1, org: -1, words: w.words}
	for _, name := range bytes.Fields(line[len(mark):]) {
		switch i := w.count; strings.ToLower(string(name)) {
		case "cs-method":
			w.method = i
		case "cs-uri":
			w.uri = i
		case "cs-uri-stem", "cs-uri-path":
			w.stem = i
		case "cs-uri-query":
			w.query = i
		case "sc-status":
			w.status = i
		case "cs(origin)":
			w.org = i
		case "x-host-header":
			w.setHost(i, 3) // what the client asked for; cs(Host) is then the name of a distribution
		case "cs-host":
			w.setHost(i, 2)
		case "cs(host)":
			w.setHost(i, 1)
		}
		w.count++
	}
	return aside
}

func (w *w3c) setHost(column, rank int) {
	if rank > w.hostRank {
		w.host, w.hostRank = column, rank
	}
}

// split cuts a line into its columns: at every space or tab, or, where that
// does not give the right number, with quoted words kept together.
func (w *w3c) split(line []byte) bool {
	separator := byte(' ')
	if bytes.IndexByte(line, '\t') >= 0 {
		separator = '\t'
	}
	return w.cut(line, separator, false) || w.cut(line, separator, true)
}

func (w *w3c) cut(line []byte, separator byte, quotes bool) bool {
	w.words = w.words[:0]
	for len(w.words) <= w.count {
		end := bytes.IndexByte(line, separator)
		if quotes && len(line) > 0 && line[0] == '"' {
			if q := bytes.IndexByte(line[1:], '"'); q >= 0 {
				end = q + 2
				if end == len(line) {
					end = -1
				} else if line[end] != separator {
					return false
				}
			}
		}
		if end < 0 {
			w.words = append(w.words, line)
			break
		}
		w.words = append(w.words, line[:end])
		line = line[end+1:]
	}
	return len(w.words) == w.count
}
