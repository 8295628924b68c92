package counts_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/counts"
)

type sink struct {
	got  []infer.Observation
	fail error
}

func (s *sink) Add(o infer.Observation) error { s.got = append(s.got, o); return s.fail }

func read(text string) ([]infer.Observation, error) {
	var s sink
	n, err := counts.Formats()[0].Read(strings.NewReader(text), "counts.csv", &s)
	if int(n) != len(s.got) {
		return nil, fmt.Errorf("%d records, %d observations", n, len(s.got))
	}
	return s.got, err
}

func TestRead(t *testing.T) {
	seen := func(method, host, path, query string, status int, count int64) infer.Observation {
		return infer.Observation{Kind: infer.Seen, Format: "counts", Method: method, Host: host, Path: path, Query: query, Status: status, Count: count}
	}
	for _, test := range []struct {
		text string
		want []infer.Observation
	}{
		{"method,path,count\nGET,/a,1\nput,/b?c=d#f,20\n", []infer.Observation{seen("GET", "", "/a", "", 0, 1), seen("put", "", "/b", "c=d", 0, 20)}},
		{"\xef\xbb\xbfCount,status,\"PATH\",host,Method,query,extra\r\n7,404,/a,h.example:8443,GET,?x=1,Ca9ary\r\n", []infer.Observation{seen("GET", "h.example:8443", "/a", "x=1", 404, 7)}},
		{"method\tpath\tcount\tstatus\nGET\t/a,b\t3\t-\n", []infer.Observation{seen("GET", "", "/a,b", "", 0, 3)}},
		{"method,path,count,query\nGET,https://u:p@h.example/a?b=c,3,d=e\n", []infer.Observation{seen("GET", "h.example", "/a", "b=c&d=e", 0, 3)}},
		{"method,path,count,query\nGET,\"/a,\"\"b\"\"\",3,\"\"\n,,,\n\n", []infer.Observation{seen("GET", "", "/a,%22b%22", "", 0, 3)}},
		{"path,count,method,query,host\n/é x,1,GET,é=-,-\n", []infer.Observation{seen("GET", "", "/%C3%A9%20x", "%C3%A9=-", 0, 1)}},
		{"method,path,count\n", nil},
	} {
		got, err := read(test.text)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%q: %v\n%s", test.text, err, diff)
		}
		if !counts.Formats()[0].Detect([]byte(test.text), "x") {
			t.Errorf("%q is not detected", test.text)
		}
	}
}

func TestProblems(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "counts.csv: the file is empty; begin the file with the line method,path,count,host,status,query",
		"\n\n":                              "counts.csv: the file is empty; ",
		"method,path\nGET,/a\n":             "counts.csv:1:1: the header has no column count; begin",
		"method;path;count\n":               "counts.csv:1:1: the cells are not separated by commas; save",
		"method,path,counts\n":              "counts.csv:1:1: the header has no column count; name the column count",
		"method,path,count,path\n":          "counts.csv:1:19: a column is there twice; leave one of them",
		"GET,/Ca9ary,5\n":                   "counts.csv:1:1: the header has no column method; ",
		strings.Repeat("x", 1<<17):          "counts.csv: the first line is longer than 64 KiB; ",
		"\xff\xfem\x00":                     "counts.csv:1:1: the text is UTF-16; save it as UTF-8",
		"method,path,count\nGET,/a":         "counts.csv:2:1: the line has 2 cells, the header has 3; ",
		"method,path,count\n\"GET,/a":       "counts.csv:2:1: a quoted cell does not end in this line",
		"method,path,count\n\"G\"ET,/a,1\n": "counts.csv:2:1: a quoted cell does not end in this line, or text follows",
		"method,path,count\n" + strings.Repeat("x", 1<<17): "counts.csv:2: the line is too long; ",
		"host,method,path,count,status\nCa9ary h,Ca9ary9,Ca9ary,+7,Ca9ary\nh,GET,/Ca9ary,0,99\nh,GET,/a,1e3,600\nh,GET,/a,99999999999999999999,200\n": `counts.csv:2:10: column method holds no HTTP method; use GET, POST, PUT, PATCH or DELETE
counts.csv:2:18: column path does not begin with a slash; write the path as it was requested, or the whole address with https://
counts.csv:2:25: column count holds no whole number from 1; write digits only: how many requests there were
counts.csv:2:28: column status holds no HTTP status; write three digits, or leave it blank
counts.csv:3:15: column count holds no whole number from 1; write digits only: how many requests there were
counts.csv:3:17: column status holds no HTTP status; write three digits, or leave it blank
counts.csv:4:10: column count holds no whole number from 1; write digits only: how many requests there were
counts.csv:4:14: column status holds no HTTP status; write three digits, or leave it blank
counts.csv:5:10: column count holds no whole number from 1; write digits only: how many requests there were`,
		"host,method,path,count\nh/Ca9ary,GET,/a,1\n": "counts.csv:2:1: column host holds no host; write HOST or HOST:PORT, or leave it blank",
	} {
		_, err := read(text)
		if exit.Of(err) != exit.Usage || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "Ca9ary") {
			t.Errorf("%.80q:\n%v\nwant\n%s", text, err, want)
		}
	}
	_, err := read("method,path,count\n" + strings.Repeat("GET,a,1\n", 77))
	if list := exit.List(err); len(list) != 51 || list[50].What != "and 27 more" {
		t.Error(err)
	}
	broken := errors.New("broken")
	if _, err := counts.Formats()[0].Read(strings.NewReader("method,path,count\nGET,/a,1\n"), "x", &sink{fail: broken}); !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestDetectLeavesOtherTables(t *testing.T) {
	for _, text := range []string{"", "\n", "method,path\n", "method,path,api,access\n", "{\"method\":1,\"path\":2,\"count\":3}", "method path count\n", "\xff\xfe", "#Fields: method,path,count"} {
		if counts.Formats()[0].Detect([]byte(text), "counts.csv") {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestQueries(t *testing.T) {
	fill := regexp.MustCompile(`YOUR_[A-Z_]+`)
	for _, engine := range counts.Engines() {
		text, err := counts.Query(engine)
		if err != nil || !strings.HasPrefix(text, "-- Counts ") || strings.Count(text, "(") != strings.Count(text, ")") {
			t.Errorf("%s: %v\n%s", engine, err, text)
		}
		comments, code, _ := strings.Cut(text, "\nWITH")
		if engine == "duckdb" {
			comments, code, _ = strings.Cut(text, "\nCOPY")
		}
		for _, name := range fill.FindAllString(code, -1) {
			if !strings.Contains(comments, name) {
				t.Errorf("%s: the comments do not say what %s is", engine, name)
			}
		}
		for _, want := range []string{"Fill in: YOUR_", "Assumed: ", "Values of query parameters are dropped here"} {
			if !strings.Contains(comments, want) {
				t.Errorf("%s: no comment says %q", engine, want)
			}
		}
		last := code[strings.LastIndex(code, "SELECT"):]
		for _, column := range []string{"method", "path", "count", "host", "status", "query"} {
			if !regexp.MustCompile(`\b` + column + `\b`).MatchString(last) {
				t.Errorf("%s makes no column %s", engine, column)
			}
		}
	}
	_, err := counts.Query("Ca9ary")
	if exit.Of(err) != exit.Usage || err.Error() != "there is no query for this log store; use athena, bigquery, clickhouse, duckdb" {
		t.Error(err)
	}
}

// TestResultOfAQuery reads what the query for DuckDB wrote for a made-up log.
func TestResultOfAQuery(t *testing.T) {
	got, err := read("method,path,count,host,status,query\nGET,/$export,1,h,404,\"a,\"\"b=\"\nGET,/nge/prod/nge-api/api/persons/1,2,nativeapi.nextgen.com,200,a=&b=\n" +
		"POST,/a,1,,201,\"\"\nPOST,https://h/a,1,,201,\"\"\n")
	if err != nil || len(got) != 4 || got[1].Count != 2 || got[1].Query != "a=&b=" || got[1].Status != 200 || got[3].Host != "h" {
		t.Errorf("%v %+v", err, got)
	}
}

func FuzzCounts(f *testing.F) {
	for _, s := range []string{"", "method,path,count\nGET,/a,1\n", "count\tpath\tmethod\n1\t/a\tGET", "\"method\",path,count,\"\"\n\"\"\"\",/a,1,\n", "method,path,count\n\"", "\xff\xfe", "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		counts.Formats()[0].Detect(data, "x")
		got, err := read(string(data))
		if err != nil && exit.Of(err) != exit.Usage {
			t.Error(err)
		}
		for _, o := range got {
			if o.Count < 1 || o.Path[0] != '/' || strings.ContainsFunc(o.Path+o.Query+o.Host, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
				t.Errorf("%+v", o)
			}
		}
		again, err2 := read(string(data))
		if fmt.Sprint(err) != fmt.Sprint(err2) || !cmp.Equal(got, again) {
			t.Error("two readings differ")
		}
	})
}

func TestHostile(t *testing.T) {
	for _, text := range [][]byte{
		bytes.Repeat([]byte("x"), 10<<20), bytes.Repeat([]byte("\n"), 4<<20), append([]byte("method,path,count\n"), bytes.Repeat([]byte("x\n"), 2<<20)...),
		append([]byte("method,path,count\n"), bytes.Repeat([]byte("\"\n"), 1<<20)...), bytes.Repeat([]byte{0}, 1<<20), []byte(strings.Repeat("method,", 9000)),
	} {
		if _, err := read(string(text)); exit.Of(err) != exit.Usage || len(err.Error()) > 10_000 {
			t.Errorf("%.20q: %v", text, exit.Of(err))
		}
	}
}
