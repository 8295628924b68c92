package observe

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
)

const (
	har  = `{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://h/canary?canary","headers":[{"name":"Authorization","value":"canary"}]}}]}}`
	bare = `{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://h/canary"}}]}}`
	otlp = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":3,"attributes":[{"key":"http.method","value":{"stringValue":"GET"}},{"key":"http.url","value":{"stringValue":"https://h/p"}}]}]}]}]}`
)

type counter struct{ calls int }

func (c *counter) Add(infer.Observation) error { c.calls++; return nil }

func gz(t testing.TB, data string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// zipped makes an archive of names and contents in turn.
func zipped(t testing.TB, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		f, err := w.Create(members[i])
		if err == nil {
			_, err = io.WriteString(f, members[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// stream is an input that is no file.
func stream(data string) Input {
	return Input{Name: "input", Open: func() (io.ReadCloser, error) { return io.NopCloser(iotest.HalfReader(strings.NewReader(data))), nil }}
}

func TestRead(t *testing.T) {
	sanitised := []string{"auth unknown (sanitised capture): no request has an Authorization header"}
	for _, c := range []struct {
		name, data string
		want       Summary
		calls      int
	}{
		{"har", har, Summary{Format: "HAR", Records: 1, Members: 1}, 1},
		{"notice", bare, Summary{Format: "HAR", Records: 1, Members: 1, Notices: sanitised}, 1},
		{"otlp", otlp + "\n" + otlp, Summary{Format: "OpenTelemetry traces (JSON)", Records: 2, Members: 1}, 2},
		{"gzip", gz(t, har), Summary{Format: "HAR", Records: 1, Members: 1}, 1},
		{"gzip twice", gz(t, gz(t, har)), Summary{Format: "HAR", Records: 1, Members: 1}, 1},
		{"gzip, two streams", gz(t, har) + gz(t, har), Summary{Format: "HAR", Records: 2, Members: 1}, 2},
		{"zip", zipped(t, "d/", "", "../../etc/canary.txt", har, "canary\x1b[31m", otlp, "c.gz", gz(t, har)),
			Summary{Format: "HAR, OpenTelemetry traces (JSON)", Records: 3, Members: 3}, 3},
		{"zip with other things", zipped(t, "a", har, "canary", "something else", "b", "", "c.zip", zipped(t, "a", har)), Summary{Format: "HAR", Records: 1, Members: 1,
			Notices: []string{"3 members of the archive are empty or no known evidence and were skipped"}}, 1},
		{"same notice twice", zipped(t, "a", bare, "b", bare), Summary{Format: "HAR", Records: 2, Members: 2, Notices: sanitised}, 2},
	} {
		sink := &counter{}
		got, err := Read(t.Context(), stream(c.data), sink)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil || sink.calls != c.calls {
			t.Errorf("%s: %d calls, %v (-want +got)\n%s", c.name, sink.calls, err, diff)
		}
		file := filepath.Join(t.TempDir(), "evidence")
		if err := os.WriteFile(file, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		onDisk, err := Read(t.Context(), Input{Name: "x", Open: func() (io.ReadCloser, error) { return os.Open(file) }}, sink)
		if diff := cmp.Diff(got, onDisk); diff != "" || err != nil {
			t.Errorf("%s: a file is read in another way: %v\n%s", c.name, err, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	encrypted := []byte(zipped(t, "canary", har))
	for _, mark := range []string{"PK\x03\x04", "PK\x01\x02"} { // the flags stand behind the version, which stands once or twice
		at := bytes.Index(encrypted, []byte(mark)) + 6 + 2*strings.Count(mark, "\x01")
		encrypted[at] |= 1
	}
	kinds := names()
	for _, c := range []struct{ name, data, want string }{
		{"empty", "", "input: is empty; record something first"},
		{"blank", "\xef\xbb\xbf \r\n", "input: is empty; record something first"},
		{"empty gzip", gz(t, ""), "input: is empty; record something first"},
		{"unknown", "canary canary", "input: is no evidence of a known kind; give one of: " + kinds},
		{"UTF-16", "\xff\xfe{\x00", "input: is not UTF-8 text but UTF-16 or UTF-32; save it as UTF-8"},
		{"gzip thrice", gz(t, gz(t, gz(t, har))), "input: is compressed more than twice; unpack it"},
		{"zip in gzip", gz(t, zipped(t, "canary", har)), "input: is an archive within another file; unpack it"},
		{"gzip cut short", gz(t, har)[:60], "input: is compressed, and damaged or cut short; fetch it again"},
		{"gzip header cut short", gz(t, har)[:5], "input: is compressed, and damaged or cut short; fetch it again"},
		{"zip cut short", zipped(t, "canary", har)[:90], "input: is compressed, and damaged or cut short; fetch it again"},
		{"empty zip", zipped(t), "input: is an archive without any evidence of a known kind; put in one of: " + kinds},
		{"zip of nothing known", zipped(t, "canary", "canary"), "input: is an archive without any evidence of a known kind; put in one of: " + kinds},
		{"bad member", zipped(t, "a", har, "canary", har+"canary"), fmt.Sprintf("input (member 2): is not JSON at byte %d, after 1 entries; it is damaged; export it again", len(har))},
		{"encrypted", string(encrypted), "input (member 1): is encrypted; unpack it"},
		{"no entries", `{"log":{"entries":[]}}`, "input: is a HAR without a single entry; record again with the network panel open before the first request"},
	} {
		sum, err := Read(t.Context(), stream(c.data), &counter{})
		if err == nil || err.Error() != c.want || exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v\nwant %s", c.name, err, c.want)
		}
		if strings.Contains(fmt.Sprint(sum, err), "canary") {
			t.Errorf("%s: %v %v", c.name, sum, err)
		}
	}
}

func TestUnreadable(t *testing.T) {
	for name, open := range map[string]func() (io.ReadCloser, error){
		"opened": func() (io.ReadCloser, error) { return os.Open(filepath.Join(t.TempDir(), "canary")) },
		"read":   func() (io.ReadCloser, error) { return os.Open(t.TempDir()) },
	} {
		_, err := Read(t.Context(), Input{Name: "in\x1b[31mput", Open: open}, &counter{})
		if exit.Of(err) != exit.Usage || !strings.HasPrefix(err.Error(), "in\ufffd[31mput: cannot be "+name) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// cancelling ends the context after some reads.
type cancelling struct {
	r    io.Reader
	left int
	end  context.CancelFunc
}

func (c *cancelling) Read(p []byte) (int, error) {
	if c.left--; c.left == 0 {
		c.end()
	}
	return c.r.Read(p[:min(len(p), 1<<10)])
}

func TestCancelled(t *testing.T) {
	long := `{"log":{"entries":[` + strings.Repeat(`{"request":{"method":"GET","url":"https://h/p"}},`, 10_000) + `{}]}}`
	for name, data := range map[string]string{"plain": long, "gzip": gz(t, long+strings.Repeat(har, 9)), "zip": zipped(t, "a", long)} {
		ctx, end := context.WithCancel(t.Context())
		in := &cancelling{r: strings.NewReader(data), left: 2, end: end}
		_, err := Read(ctx, Input{Name: "x", Open: func() (io.ReadCloser, error) { return io.NopCloser(in), nil }}, &counter{})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// read is Read with other limits.
func read(t *testing.T, data string, l limits) error {
	t.Helper()
	r := &reading{ctx: t.Context(), sink: &counter{}, budget: &budget{limits: l}}
	return r.input(strings.NewReader(data), "input", "input")
}

func TestBombs(t *testing.T) {
	zeros := `{"log":{"entries":[` + strings.Repeat(" ", 1<<20) + `{}]}}`
	few := bounds()
	few.inflated, few.members, few.listing, few.memory = 1<<20, 3, 100, 5000
	dense := bounds()
	dense.ratio, dense.free = 100, 1000
	for _, c := range []struct {
		name, data, want string
		limits           limits
	}{
		{"gzip, size", gz(t, zeros), "inflates to more than 0 GiB", few},
		{"zip, size in all", zipped(t, "a", zeros[:1<<19]+`{}]}}`, "b", zeros[:1<<19]+`{}]}}`), "inflates to more than 0 GiB", few},
		{"gzip, ratio", gz(t, zeros), "inflates to more than 100 times its size", dense},
		{"gzip twice, ratio", gz(t, gz(t, zeros)), "inflates to more than 100 times its size", dense},
		{"zip, ratio", zipped(t, "a", zeros), "inflates to more than 100 times its size", dense},
		{"members", zipped(t, "a", har, "b", har, "c", har, "d", har), "is an archive with more than 3 members", few},
		{"listing", longListing(t), "or a listing as long", listed(few)},
		{"memory", zipped(t, strings.Repeat("n", 6000), har), "is an archive of more than 0 MiB that is no file", few},
	} {
		err := read(t, c.data, c.limits)
		if err == nil || !strings.Contains(err.Error(), c.want) || exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := read(t, gz(t, zeros), bounds()); err != nil {
		t.Errorf("within the limits: %v", err)
	}
}

// longListing is an archive whose listing is longer than what may be read of one.
func longListing(t *testing.T) string {
	var members []string
	for range 5 {
		members = append(members, strings.Repeat("n", 60_000), "x")
	}
	return zipped(t, members...)
}

func listed(l limits) limits {
	l.memory, l.members = 1<<20, 100
	return l
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", har, otlp, gz(f, har), zipped(f, "a", har, "b", otlp), gz(f, gz(f, otlp)), "PK\x05\x06", "\x1f\x8b", "0:}", "\xff\xfe"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		sink := &counter{}
		sum, err := Read(t.Context(), stream(string(data)), sink)
		if err != nil && exit.Of(err) != exit.Usage {
			t.Fatalf("code %d: %v", exit.Of(err), err)
		}
		if err == nil && (sum.Members == 0 || sum.Format == "") {
			t.Fatalf("nothing was read and nobody says so: %+v", sum)
		}
	})
}
