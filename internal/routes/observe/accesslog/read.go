package accesslog

import (
	"bytes"
	"strconv"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/lines"
)

const (
	judged = 1000 // lines after which it is clear whether this is a log at all
	named  = 5    // lines that a message names
)

// reader drives a parser over the lines of a text.
type reader struct {
	file, format string
	parser       parser
	sink         infer.Sink
	in           *lines.Scanner
	buffer       []byte // the address of a request, encoded
	hosts        intern
	methods      intern

	seen, unfit, long, aside, empty, records int64
	where                                    []int64 // lines that fit nothing: the first few
}

func (rd *reader) read() (int64, error) {
	var e entry
	for rd.in.Next() {
		line := rd.in.Line()
		if !rd.in.Long() && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		e = entry{}
		kind := unfit
		if rd.in.Long() {
			rd.long++
		} else {
			kind = rd.parser.parse(line, &e)
		}
		if err := rd.take(kind, &e); err != nil {
			return rd.records, err
		}
	}
	if err := rd.in.Err(); err != nil {
		return rd.records, err
	}
	if rd.seen < judged && rd.seen > 0 {
		if err := rd.judge(); err != nil {
			return rd.records, err
		}
	}
	if messages := rd.messages(); messages > 0 && rd.seen == 0 {
		return 0, exit.Problems(exit.Usage, []exit.Problem{{
			File: rd.file, What: "none of the " + plural(messages, "line") + " has the method and the path of a request",
			Do: "name the fields of the log request_method and request_uri, as nginx does, or give the counts as CSV",
		}})
	}
	rd.tell()
	return rd.records, nil
}

// messages counts the JSON messages that are no requests.
func (rd *reader) messages() int64 {
	if _, ok := rd.parser.(*jsonLines); ok {
		return rd.aside
	}
	return 0
}

// take counts a line and hands its request on.
func (rd *reader) take(kind fit, e *entry) error {
	switch kind {
	case aside:
		rd.aside++
		return nil
	case unfit:
		rd.unfit++
		if len(rd.where) < named {
			rd.where = append(rd.where, rd.in.Number())
		}
	case request:
		o, ok := rd.observation(e)
		if !ok {
			rd.empty++
			break
		}
		rd.records++
		if err := rd.sink.Add(o); err != nil {
			return err
		}
	}
	if rd.seen++; rd.seen == judged {
		return rd.judge()
	}
	return nil
}

// judge ends the reading of what is no log of this format.
func (rd *reader) judge() error {
	if rd.unfit*2 <= rd.seen {
		return nil
	}
	what := strconv.FormatInt(rd.unfit, 10) + " of the first " + strconv.FormatInt(rd.seen, 10) + " lines do not have the form of " +
		rd.format + " (" + rd.lineNumbers() + ")"
	return exit.Problems(exit.Usage, []exit.Problem{{
		File: rd.file, Line: int(rd.where[0]), What: what,
		Do: "give a log in one of the forms that are read, or let your log store count the requests and give the counts as CSV",
	}})
}

// lineNumbers names the first lines that fit nothing.
func (rd *reader) lineNumbers() string {
	text := "line "
	if len(rd.where) > 1 {
		text = "lines "
	}
	for i, n := range rd.where {
		if i > 0 {
			text += ", "
		}
		text += strconv.FormatInt(n, 10)
	}
	if rd.unfit > int64(len(rd.where)) {
		text += ", ..."
	}
	return text
}

// tell says what was left out.
func (rd *reader) tell() {
	to, ok := rd.sink.(Noticer)
	if !ok {
		return
	}
	if rd.unfit > 0 {
		text := rd.file + ": left out " + plural(rd.unfit, "line") + " without the form of " + rd.format + " (" + rd.lineNumbers() + ")"
		if rd.long > 0 {
			text += ", of which " + strconv.FormatInt(rd.long, 10) + " longer than " + strconv.Itoa(lines.Max>>10) + " KiB"
		}
		to.Notice(text)
	}
	if n := rd.messages(); n > 0 {
		to.Notice(rd.file + ": left out " + plural(n, "message") + " without a request")
	}
	if rd.empty > 0 {
		to.Notice(rd.file + ": left out " + plural(rd.empty, "line") + " without a request that can be read (broken, cut off, or a tunnel)")
	}
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.FormatInt(n, 10) + " " + noun + "s"
}

// intern keeps the last text, because the next line mostly says the same.
type intern struct{ last string }

func (i *intern) text(b []byte) string {
	if string(b) != i.last {
		i.last = string(b)
	}
	return i.last
}
