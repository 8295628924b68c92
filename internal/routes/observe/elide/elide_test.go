package elide

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
)

// sized returns at most n bytes at once.
type sized struct {
	r io.Reader
	n int
}

func (s sized) Read(p []byte) (int, error) { return s.r.Read(p[:min(len(p), s.n)]) }

func elided(t *testing.T, doc string, rules Rules, chunk int) (string, error) {
	t.Helper()
	out, err := io.ReadAll(NewReader(sized{strings.NewReader(doc), chunk}, rules))
	return string(out), err
}

func TestCuts(t *testing.T) {
	rules := Rules{Drop: []string{"text", "value"}, MaxString: 8}
	keep := Rules{Keep: []string{"a", "b"}, MaxString: 8}
	for _, c := range []struct {
		name, in, want string
		rules          Rules
	}{
		{"nothing", ``, ``, rules},
		{"scalar", ` 12 `, `12 `, rules},
		{"two documents", "1 \n2", "1 2", rules},
		{"spaces", " { \"a\" : [ 1 , true ] } \n", `{"a":[1 ,true ]}`, rules},
		{"string", `{"text":"secret","b":1}`, `{"text":null,"b":1}`, rules},
		{"object", `{"text": {"x":"}","y":["\"]",{}]} ,"b":1}`, `{"text":null ,"b":1}`, rules},
		{"number", `{"text":-1.5e3,"b":1}`, `{"text":null,"b":1}`, rules},
		{"literal at the end", `{"text":true}`, `{"text":null}`, rules},
		{"escapes at the end", `{"text":"a\\","b":"\\"}`, `{"text":null,"b":"\\"}`, rules},
		{"a value of that name is kept", `["text",{"a":"text"}]`, `["text",{"a":"text"}]`, rules},
		{"escaped name", `{"te\u0078t":"secret"}`, `{"text":null}`, rules},
		{"limit", `["12345678","123456789"]`, `["12345678",""]`, rules},
		{"long name", `{"` + strings.Repeat("n", 1100) + `":{"text":1}}`, `{"-":{"text":null}}`, rules},
		{"long name, default deny", `{"` + strings.Repeat("n", 1100) + `":{"a":1}}`, `{"-":null}`, keep},
		{"default deny", `{"a":{"b":1,"c":"secret"},"d":[{"a":2}]}`, `{"a":{"b":1,"c":null},"d":null}`, keep},
		{"byte order mark", "\xef\xbb\xbf{}", `{}`, rules},
		{"garbage after a cut stays garbage", `{"text":1 2}`, `{"text":null 2}`, rules},
		{"garbage glued to a cut stays garbage", `{"text":"a"2}`, `{"text":null2}`, rules},
		{"no value", `{"text":}`, `{"text":}`, rules},
		{"no colon", `{"text" "a":1}`, `{"text""a":1}`, rules},
		{"closers without openers", `]}{"text":1`, `]}{"text":null`, rules},
		{"cut short in a string", `{"a":"1234`, `{"a":"1234`, rules},
		{"cut short in a dropped value", `{"text":[1`, `{"text":null`, rules},
	} {
		for chunk := 1; chunk <= len(c.in)+1; chunk++ {
			got, err := elided(t, c.in, c.rules, chunk)
			if err != nil || got != c.want {
				t.Errorf("%s, chunks of %d: %q, %v; want %q", c.name, chunk, got, err, c.want)
				break
			}
		}
	}
}

// document writes a random document.
func document(r *rand.Rand, b *strings.Builder, depth int) {
	text := func() string {
		pieces := []string{"a", "é", `\"`, `\\`, `\u0041`, `\n`, "{", "}", "[", "]", ",", ":", " ", "日"}
		var s strings.Builder
		for range r.IntN(6) {
			s.WriteString(pieces[r.IntN(len(pieces))])
		}
		if r.IntN(8) == 0 {
			s.WriteString(strings.Repeat("long", 20))
		}
		return `"` + s.String() + `"`
	}
	space := func() { b.WriteString([]string{"", "", " ", "\n\t", "\r\n  "}[r.IntN(5)]) }
	space()
	kind := r.IntN(9)
	if depth > 5 {
		kind = r.IntN(5)
	}
	switch kind {
	case 0:
		b.WriteString("null")
	case 1:
		b.WriteString("true")
	case 2:
		fmt.Fprintf(b, "%v", r.Float64()*1e6-5e5)
	case 3, 4:
		b.WriteString(text())
	default:
		open, shut := "[", "]"
		if kind > 6 {
			open, shut = "{", "}"
		}
		b.WriteString(open)
		for i := range r.IntN(5) {
			if i > 0 {
				b.WriteString(",")
			}
			if kind > 6 {
				space()
				if r.IntN(3) == 0 {
					b.WriteString([]string{`"drop"`, `"dro\u0070"`, `"keep"`}[r.IntN(3)])
				} else {
					b.WriteString(strings.Replace(text(), "long", "", 20))
				}
				space()
				b.WriteString(":")
			}
			document(r, b, depth+1)
		}
		space()
		b.WriteString(shut)
	}
	space()
}

// want does to a decoded document what a Reader does to its text.
func want(v any, maxString int) any {
	switch v := v.(type) {
	case string:
		if len(v) > maxString {
			return ""
		}
	case []any:
		for i := range v {
			v[i] = want(v[i], maxString)
		}
	case map[string]any:
		for name := range v {
			v[name] = want(v[name], maxString)
		}
		if _, ok := v["drop"]; ok {
			v["drop"] = nil
		}
	}
	return v
}

func TestSameStructure(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rules := Rules{Drop: []string{"drop"}, MaxString: 60}
	for range 3000 {
		var b strings.Builder
		document(r, &b, 0)
		doc := b.String()
		var before, after any
		if err := json.Unmarshal([]byte(doc), &before); err != nil {
			t.Fatalf("the test writes no JSON: %v\n%s", err, doc)
		}
		got, err := elided(t, doc, rules, 1+r.IntN(len(doc)+1))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(got), &after); err != nil {
			t.Fatalf("no JSON: %v\n%s\n%s", err, doc, got)
		}
		if diff := cmp.Diff(want(before, 60), after); diff != "" {
			t.Fatalf("(-want +got)\n%s\n%s", diff, doc)
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `{"drop":{"a":"\\\""}}`, "\xef\xbb\xbf[1]", "\xff\xfe", `{"drop":1 2}`, `["\ud800",{"a":{"drop":[[]]}}]`, `]]{`, `{"a`, `{"drop"`,
		`{"dro\u0070":5,"b":"\u0000"}`, strings.Repeat(`[`, 40), `1 2`, `{"a":"` + strings.Repeat(`\\`, 50) + `"}`,
	} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, doc []byte, chunk int) {
		if chunk < 1 {
			chunk = 1 - chunk%100
		}
		wide := Rules{Drop: []string{"drop"}, MaxString: 1 << 20}
		got, err := io.ReadAll(NewReader(sized{bytes.NewReader(doc), chunk}, wide))
		whole, err2 := io.ReadAll(NewReader(bytes.NewReader(doc), wide))
		if !bytes.Equal(got, whole) || (err == nil) != (err2 == nil) {
			t.Fatalf("depends on the chunks: %q %v, %q %v", got, err, whole, err2)
		}
		var before, after any
		if json.Unmarshal(doc, &before) != nil || err != nil {
			return
		}
		if err := json.Unmarshal(got, &after); err != nil {
			t.Fatalf("%q became %q: %v", doc, got, err)
		}
		if diff := cmp.Diff(want(before, 1<<20), after); diff != "" {
			t.Fatal(diff)
		}
		for _, rules := range []Rules{{MaxString: 4}, {Keep: []string{"a", "b"}, MaxString: 4}} {
			if got, err := io.ReadAll(NewReader(sized{bytes.NewReader(doc), chunk}, rules)); err != nil || !json.Valid(got) {
				t.Fatalf("%q became %q, %v", doc, got, err)
			}
		}
	})
}

// fill repeats a piece of text without holding it.
type fill struct {
	piece string
	left  int
}

func (f *fill) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(f.piece) <= len(p) && f.left > 0 {
		n += copy(p[n:], f.piece)
		f.left -= len(f.piece)
	}
	return n, nil
}

// nested is an object within an object and so on, all with names of 60 KB.
func nested(depth int) io.Reader {
	var all []io.Reader
	for range depth {
		all = append(all, strings.NewReader(`{"`), &fill{"abcdefgh", 60_000}, strings.NewReader(`":`))
	}
	return io.MultiReader(append(all, strings.NewReader(`1`+strings.Repeat("}", depth)))...)
}

func TestMemoryIsBounded(t *testing.T) {
	const size = 100 << 20
	for name, in := range map[string]io.Reader{
		"string":         io.MultiReader(strings.NewReader(`{"a":"`), &fill{"abcdefgh", size}, strings.NewReader(`"}`)),
		"name":           io.MultiReader(strings.NewReader(`{"`), &fill{"abcdefgh", size}, strings.NewReader(`":1}`)),
		"escapes":        io.MultiReader(strings.NewReader(`{"a":"`), &fill{`\"\\\"\\`, size}, strings.NewReader(`"}`)),
		"dropped string": io.MultiReader(strings.NewReader(`{"drop":"`), &fill{"abcdefgh", size}, strings.NewReader(`"}`)),
		"dropped depth":  io.MultiReader(strings.NewReader(`{"drop":`), &fill{"[[[[", size}, &fill{"]]]]", size}, strings.NewReader(`}`)),
		"spaces":         io.MultiReader(strings.NewReader(`{"a":`), &fill{" \n", size}, strings.NewReader(`1}`)),
		"nested names":   nested(2000),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		dec, r := Decoder(in, Rules{Drop: []string{"drop"}})
		err := Problem("x", r, dec, dec.SkipValue())
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; err != nil || used > 2<<20 {
			t.Errorf("%s: %d bytes allocated, %v", name, used, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	const canary = "canary-7Q"
	for _, c := range []struct{ name, in, want string }{
		{"UTF-16", "\xff\xfe{\x00}\x00", "x: is not UTF-8 text but UTF-16 or UTF-32 at byte 0; save it as UTF-8"},
		{"UTF-16 without mark", "{\x00}\x00", "x: is not UTF-8 text but UTF-16 or UTF-32 at byte 0; save it as UTF-8"},
		{"deep", strings.Repeat("[", 20_000), "x: nests objects and arrays more than 10000 deep at byte 10000, JSON pointer " + strings.Repeat("/0", 32) + "/..."},
		{"number", `{"a":1` + strings.Repeat("1", 2000), "x: has a number or a word of more than 1024 bytes at byte 1029, JSON pointer /a"},
		{"cut short", `{"a":[1,`, "x: ends in the middle of the JSON text at byte 8, JSON pointer /a; it was cut short; export it again"},
		{"cut short in a dropped value", `{"a":{"drop":"` + canary, "x: ends in the middle of the JSON text at byte 23, JSON pointer /a; it was cut short; export it again"},
		{"cut short in a string", `{"a":"` + canary, "x: ends in the middle of the JSON text at byte 15, JSON pointer /a; it was cut short; export it again"},
		{"garbage", `{"a": "` + canary + `", "` + canary + `" : {"7":[ ! ]}}`, "x: is not JSON at byte 40, JSON pointer /*/*/0; it is damaged; export it again"},
		{"garbage after a cut", `{"drop": "` + canary + `", "a" : !}`, "x: is not JSON at byte 28, JSON pointer /a; it is damaged; export it again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dec, r := Decoder(iotest.OneByteReader(strings.NewReader(c.in)), Rules{Drop: []string{"drop"}, Words: []string{"a"}})
			err := Problem("x", r, dec, skipAll(dec.SkipValue))
			if err == nil || err.Error() != c.want || exit.Of(err) != exit.Usage {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
	broken := errors.New("broken")
	dec, r := Decoder(iotest.ErrReader(broken), Rules{})
	if err := Problem("x", r, dec, dec.SkipValue()); !errors.Is(err, broken) {
		t.Errorf("an error of the input is lost: %v", err)
	}
}

func skipAll(skip func() error) error {
	for {
		if err := skip(); err != nil {
			return err
		}
	}
}

func TestOffset(t *testing.T) {
	doc := `{ "a" : "` + strings.Repeat("x", 50) + `" , "drop" : [1,2,3] , "b" : [ 1 , 2 ] , "c" : "mark" }`
	for chunk := 1; chunk < len(doc); chunk++ {
		r := NewReader(sized{strings.NewReader(doc), chunk}, Rules{Drop: []string{"drop"}, MaxString: 8})
		out, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"drop", "b", "1", "c", "mark"} {
			at := int64(bytes.LastIndex(out, []byte(word)))
			if got, want := r.Offset(at), int64(strings.LastIndex(doc, word)); got != want && word != "1" {
				t.Errorf("chunks of %d: %s is at %d, want %d", chunk, word, got, want)
			}
		}
	}
}

func BenchmarkReader(b *testing.B) {
	bench := func(name, doc string, rules Rules) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				if _, err := io.Copy(io.Discard, NewReader(strings.NewReader(doc), rules)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	rules := Rules{Drop: []string{"drop"}}
	bench("base64", `{"a":"`+strings.Repeat("QUJDREVGR0g=", 1<<20)+`"}`, rules)
	bench("escaped", `{"drop":"`+strings.Repeat(`{\"name\":\"value\",\"number\":123}`, 1<<18)+`"}`, rules)
	bench("dense", `[`+strings.Repeat(`{"name":"value","number":123,"list":[1,2,{"a":null}]},`, 1<<17)+`1]`, rules)
	bench("dense, dropped", `{"drop":[`+strings.Repeat(`{"name":"value","number":123,"list":[1,2,{"a":null}]},`, 1<<17)+`1]}`, rules)
	bench("pretty", `[`+strings.Repeat("\n        {\n          \"name\": \"value of a header\",\n          \"other\": 12\n        },", 1<<16)+`1]`, rules)
}
