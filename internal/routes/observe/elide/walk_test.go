package elide

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
)

// TestWalk reads names, elements and texts, and skips what is of another kind.
func TestWalk(t *testing.T) {
	read := func(doc string) (found []string, err error) {
		dec, r := Decoder(strings.NewReader(doc), Rules{Words: []string{"list", "name"}})
		err = Members(dec, func(name []byte) error {
			found = append(found, string(name))
			if string(name) == "list" {
				return Elements(dec, func() error {
					b, err := Text(dec, []byte("="))
					found = append(found, string(b))
					return err
				})
			}
			return dec.SkipValue()
		})
		return found, Problem("x", r, dec, err)
	}
	for doc, want := range map[string][]string{
		`{}`: nil, `[1]`: nil, `"a"`: nil,
		`{"a":{"list":[]},"list":["b","\u0063\"",1,null,["d"]],"n\u0061me":2}`: {"a", "list", "=b", `=c"`, "=", "=", "=", "name"},
		`{"list":{"a":1},"b":"\ud800"}`:                                        {"list", "b"},
	} {
		got, err := read(doc)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", doc, err, diff)
		}
	}
	for doc, want := range map[string]string{
		`{{"name":1}}`:         "x: is not JSON at byte 1; it is damaged; export it again",
		`{"list":["a",`:        "x: ends in the middle of the JSON text at byte 13, JSON pointer /list; it was cut short; export it again",
		`{"list":["a" "b"]}`:   "x: is not JSON at byte 13, JSON pointer /list; it is damaged; export it again",
		`{"secret":1,"name"}`:  "x: is not JSON at byte 18, JSON pointer /name; it is damaged; export it again",
		`{"secret":[1,{"7":!}`: "x: is not JSON at byte 18, JSON pointer /*/1/*; it is damaged; export it again",
		``:                     "x: ends in the middle of the JSON text at byte 0; it was cut short; export it again",
	} {
		if _, err := read(doc); err == nil || err.Error() != want || exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v\nwant %s", doc, err, want)
		}
	}
}

// TestWrong: what a reader has against a value comes with its place.
func TestWrong(t *testing.T) {
	dec, r := Decoder(strings.NewReader(`{ "version" : 3 , "secret" : 4 }`), Rules{Words: []string{"version"}})
	err := Members(dec, func(name []byte) error {
		if err := dec.SkipValue(); err != nil || string(name) == "version" {
			return err
		}
		return Wrong("has an odd member", "leave it out")
	})
	if got, want := fmt.Sprint(Problem("x", r, dec, err)), "x: has an odd member at byte 30, JSON pointer /*; leave it out"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
