package counts

import (
	"bytes"
	"strconv"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/address"
)

// A cell is its text without quotation marks, and its place in the line.
type cell struct {
	text []byte
	at   int // byte, from 1
}

// split cuts a line into cells. ok is false where a quoted cell does not end or
// text follows its end.
func split(cells []cell, line []byte, separator byte) (all []cell, ok bool) {
	for at := 0; ; {
		c := cell{at: at + 1}
		var end int
		if at < len(line) && line[at] == '"' {
			c.text, end = quoted(line, at+1)
			if end < 0 || end < len(line) && line[end] != separator {
				return append(cells, c), false
			}
		} else {
			if end = bytes.IndexByte(line[at:], separator); end < 0 {
				end = len(line)
			} else {
				end += at
			}
			c.text = bytes.TrimSpace(line[at:end])
		}
		cells = append(cells, c)
		if end >= len(line) {
			return cells, true
		}
		at = end + 1
	}
}

// quoted reads a quoted cell from after its first quotation mark, and returns
// where it ends, or -1.
func quoted(line []byte, at int) (text []byte, end int) {
	from := at
	var joined []byte // only where a quotation mark is in the text
	for {
		i := bytes.IndexByte(line[at:], '"')
		if i < 0 {
			return nil, -1
		}
		at += i + 1
		if at >= len(line) || line[at] != '"' {
			return append(joined, line[from:at-1]...), at
		}
		joined = append(joined, line[from:at]...)
		at++
		from = at
	}
}

// row reads one line. The error is that of the sink.
func (rd *reader) row() error {
	if rd.in.Long() {
		rd.problem(0, "the line is too long", "give one route and its count in a line")
		return nil
	}
	line := rd.in.Line()
	if len(bytes.Trim(line, " \t,")) == 0 {
		return nil
	}
	var ok bool
	if rd.cells, ok = split(rd.cells[:0], line, rd.separator); !ok {
		rd.problem(rd.cells[len(rd.cells)-1].at, "a quoted cell does not end in this line, or text follows its closing quotation mark",
			`write "" for a quotation mark inside a quoted cell, and no line end`)
		return nil
	}
	if len(rd.cells) != rd.width {
		rd.problem(1, "the line has "+strconv.Itoa(len(rd.cells))+" cells, the header has "+strconv.Itoa(rd.width), "put cells that hold the separator in quotation marks")
		return nil
	}
	before := len(rd.problems) + rd.more
	o := rd.observation()
	if len(rd.problems)+rd.more > before {
		return nil
	}
	rd.records++
	return rd.sink.Add(o)
}

func (rd *reader) cell(c column) cell {
	if i := rd.places[c]; i >= 0 {
		return rd.cells[i]
	}
	return cell{}
}

// observation checks every cell of a row and lists what is wrong with it.
func (rd *reader) observation() infer.Observation {
	o := infer.Observation{Kind: infer.Seen, Format: formatName}
	if c := rd.cell(method); address.IsMethod(c.text) {
		o.Method = string(c.text)
	} else {
		rd.problem(c.at, "column method holds no HTTP method", "use GET, POST, PUT, PATCH or DELETE")
	}
	rd.address(&o)
	number := rd.cell(count)
	n, err := strconv.ParseInt(string(number.text), 10, 64)
	if o.Count = n; err != nil || n < 1 || number.text[0] == '+' {
		rd.problem(number.at, "column count holds no whole number from 1", "write digits only: how many requests there were")
	}
	if c := rd.cell(status); len(c.text) > 0 && string(c.text) != "-" {
		n, err := strconv.Atoi(string(c.text))
		if o.Status = n; err != nil || n < 100 || n > 599 {
			rd.problem(c.at, "column status holds no HTTP status", "write three digits, or leave it blank")
		}
	}
	return o
}

// address reads path, query and host. The path may be an absolute address and
// may carry a query.
func (rd *reader) address(o *infer.Observation) {
	at, target, name := rd.cell(path).at, rd.cell(path).text, rd.cell(host)
	if rest, authority, absolute := address.Split(target); absolute {
		target, name = rest, cell{authority, at}
	}
	if len(target) == 0 || target[0] != '/' {
		rd.problem(at, "column path does not begin with a slash", "write the path as it was requested, or the whole address with https://")
		return
	}
	target, _, _ = bytes.Cut(target, []byte("#"))
	p, q, has := bytes.Cut(target, []byte("?"))
	if extra := bytes.TrimPrefix(rd.cell(query).text, []byte("?")); len(extra) > 0 && string(extra) != "-" {
		if has && len(q) > 0 {
			q = append(append(q[:len(q):len(q)], '&'), extra...)
		} else {
			q = extra
		}
	}
	rd.buffer = address.Append(rd.buffer[:0], p)
	end := len(rd.buffer)
	rd.buffer = address.Append(rd.buffer, q)
	text := string(rd.buffer)
	o.Path, o.Query = text[:end], text[end:]
	switch {
	case address.IsHost(name.text):
		o.Host = string(name.text)
	case len(name.text) > 1:
		rd.problem(name.at, "column host holds no host", "write HOST or HOST:PORT, or leave it blank")
	}
}
