package lines_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/observe/lines"
)

func all(t *testing.T, r io.Reader) (got []string, err error) {
	t.Helper()
	s := lines.New(r, "access.log")
	for s.Next() {
		line := string(s.Line())
		if s.Long() {
			line = "<long>"
		}
		got = append(got, line)
		if int(s.Number()) != len(got) {
			t.Errorf("line %d has number %d", len(got), s.Number())
		}
	}
	return got, s.Err()
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 300_000)
	for in, want := range map[string][]string{
		"": nil, "\n": {""}, "a": {"a"}, "a\r\nb\n": {"a", "b"}, "\xef\xbb\xbfa\n": {"a"}, "\x00\x00a\x00\n": {"a\x00"},
		long: {"<long>"}, "a\n" + long + "\nb": {"a", "<long>", "b"}, "ab": {"ab"}, "\n\n": {"", ""}, "a\rb\n": {"a\rb"},
	} {
		for _, r := range []io.Reader{strings.NewReader(in), iotest.HalfReader(strings.NewReader(in))} {
			got, err := all(t, r)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%.20q: %.40q, %v; want %.40q", in, got, err, want)
			}
		}
	}
}

func TestUTF16AndBrokenReaders(t *testing.T) {
	for _, in := range []string{"\xff\xfea\x00", "\xfe\xff\x00a"} {
		if _, err := all(t, strings.NewReader(in)); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "access.log:1:1: the text is UTF-16") {
			t.Errorf("%q: %v", in, err)
		}
	}
	broken := errors.New("broken")
	got, err := all(t, io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || !slices.Equal(got, []string{"a"}) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestHead(t *testing.T) {
	for in, want := range map[string][]string{
		"": nil, "a": {"a"}, "a\nb": {"a"}, "\n\r\na\r\nb\nc\nd": {"a", "b"}, "\xef\xbb\xbfa\n": {"a"},
	} {
		var got []string
		lines.Head([]byte(in), 2, func(line []byte) { got = append(got, string(line)) })
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
