// Command evidence writes made-up HAR captures, in the style of a browser, to
// measure how ngapi reads them. Equal flags give equal bytes; nothing in them
// is from anybody's record.
//
//	go run ./.ci/bench/evidence -kind fat|thin|longstring -size 200MB -out FILE
//
// fat has entries of about 48 KB, most of it bodies; thin has entries of about 3.4 KB, most
// of it headers; longstring has 95 % of its size in one body.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
)

func main() {
	kind := flag.String("kind", "fat", "fat, thin or longstring")
	size := flag.String("size", "200MB", "size of the file: a number of bytes, KB, MB or GB")
	out := flag.String("out", "", "the file to write")
	flag.Parse()
	if err := run(*kind, *size, *out); err != nil {
		fmt.Fprintln(os.Stderr, "evidence:", err)
		os.Exit(1)
	}
}

func run(kind, size, out string) error {
	limit, err := bytesOf(size)
	if err != nil {
		return err
	}
	if out == "" {
		return errors.New("-out is missing")
	}
	f, err := os.OpenFile(out, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := &writer{Writer: bufio.NewWriterSize(f, 1<<20), rand: rand.New(rand.NewPCG(7, 11))} //nolint:gosec // equal flags give equal bytes
	if err := w.capture(kind, limit); err != nil {
		return err
	}
	return errors.Join(w.Flush(), f.Close())
}

func bytesOf(s string) (int64, error) {
	unit := int64(1)
	for suffix, u := range map[string]int64{"KB": 1e3, "MB": 1e6, "GB": 1e9} {
		if number, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = number, u
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n * unit, err
}

type writer struct {
	*bufio.Writer
	rand    *rand.Rand
	written int64
	mark    string // between two entries
}

func (w *writer) put(format string, args ...any) {
	n, _ := fmt.Fprintf(w.Writer, format, args...)
	w.written += int64(n)
}

func (w *writer) capture(kind string, limit int64) error {
	w.put("{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"creator\": {\n      \"name\": \"WebInspector\",\n      \"version\": \"537.36\"\n    },\n    \"pages\": [],\n    \"entries\": [")
	switch kind {
	case "fat":
		for w.written < limit {
			w.entry(18, func() { w.body(40_000 + w.rand.IntN(3_000)) })
		}
	case "thin":
		for w.written < limit {
			w.entry(6, func() { w.body(300 + w.rand.IntN(200)) })
		}
	case "longstring":
		for w.written < limit/50 {
			w.entry(6, func() { w.body(300) })
		}
		w.entry(6, func() { w.base64(limit / 100 * 95) })
		for w.written < limit {
			w.entry(6, func() { w.body(300) })
		}
	default:
		return fmt.Errorf("kind %s is not fat, thin or longstring", kind)
	}
	w.put("\n    ]\n  }\n}\n")
	return nil
}

// hex returns n hexadecimal digits.
func (w *writer) hex(n int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		b[i] = digits[w.rand.IntN(16)]
	}
	return string(b)
}

func (w *writer) id() string {
	return w.hex(8) + "-" + w.hex(4) + "-4" + w.hex(3) + "-a" + w.hex(3) + "-" + w.hex(12)
}

// call makes up a method and an address.
func (w *writer) call() (method, url string) {
	nge := "https://nativeapi.nextgen.com/nge/prod/nge-api/api"
	fhir := "https://fhir.nextgen.com/nge/prod/fhir-api-r4/fhir/r4"
	switch w.rand.IntN(10) {
	case 0:
		return "GET", nge + "/persons/" + w.id()
	case 1:
		return "GET", nge + "/persons/" + w.id() + "/chart/allergies?$top=50"
	case 2:
		return "GET", nge + "/persons/" + w.id() + "/chart/medications?$filter=encounterId%20eq%20guid'" + w.id() + "'"
	case 3:
		return "POST", nge + "/persons/" + w.id() + "/chart/encounters"
	case 4:
		return "GET", nge + "/appointments?$filter=personId%20eq%20guid'" + w.id() + "'"
	case 5:
		return "PUT", nge + "/appointments/" + w.id()
	case 6:
		return "GET", fhir + "/Patient/" + w.id()
	case 7:
		return "GET", fhir + "/Observation?patient=" + w.id() + "&category=laboratory"
	case 8:
		return "GET", nge + "/master/" + []string{"practices", "locations", "providers", "resources"}[w.rand.IntN(4)]
	}
	return "GET", "https://app.example.org/static/" + w.hex(8) + ".js"
}

func (w *writer) pair(name, value string, last bool) {
	end := ","
	if last {
		end = ""
	}
	w.put("            {\n              \"name\": \"%s\",\n              \"value\": \"%s\"\n            }%s\n", name, value, end)
}

// entry writes one entry with so many further headers on either side.
func (w *writer) entry(headers int, body func()) {
	method, url := w.call()
	w.put("%s\n      {\n        \"_connectionId\": \"%d\",\n        \"_initiator\": {\n          \"type\": \"script\"\n        },\n        \"_priority\": \"High\",\n        \"_resourceType\": \"fetch\",\n", w.mark, w.rand.IntN(1e6))
	w.mark = ","
	w.put("        \"cache\": {},\n        \"request\": {\n          \"method\": \"%s\",\n          \"url\": \"%s\",\n          \"httpVersion\": \"http/2.0\",\n          \"headers\": [\n", method, url)
	w.pair("authorization", "Bearer "+w.hex(120), false)
	for i := range headers / 2 {
		w.pair("x-request-header-"+strconv.Itoa(i), w.hex(24), false)
	}
	w.pair("accept", "application/json", true)
	w.put("          ],\n          \"queryString\": [],\n          \"cookies\": [\n            {\n              \"name\": \"session\",\n              \"value\": \"%s\",\n              \"httpOnly\": true\n            }\n          ],\n", w.hex(32))
	w.put("          \"headersSize\": -1,\n          \"bodySize\": 0\n        },\n        \"response\": {\n          \"status\": %d,\n          \"statusText\": \"\",\n          \"httpVersion\": \"http/2.0\",\n          \"headers\": [\n", []int{200, 200, 200, 201, 404}[w.rand.IntN(5)])
	for i := range headers - headers/2 {
		w.pair("x-response-header-"+strconv.Itoa(i), w.hex(24), false)
	}
	w.pair("content-type", "application/json; charset=utf-8", true)
	w.put("          ],\n          \"cookies\": [],\n          \"content\": {\n            \"size\": 1234,\n            \"mimeType\": \"application/json\",\n            \"text\": \"")
	body()
	w.put("\"\n          },\n          \"redirectURL\": \"\",\n          \"headersSize\": -1,\n          \"bodySize\": -1,\n          \"_transferSize\": 512\n        },\n        \"serverIPAddress\": \"192.0.2.7\",\n")
	w.put("        \"startedDateTime\": \"2026-01-05T10:00:00.%03dZ\",\n        \"time\": %d.%d,\n        \"timings\": {\n          \"blocked\": 1.5,\n          \"dns\": -1,\n          \"connect\": -1,\n          \"ssl\": -1,\n          \"send\": 0.25,\n          \"wait\": 45.125,\n          \"receive\": 2.5\n        }\n      }",
		w.rand.IntN(1000), w.rand.IntN(500), w.rand.IntN(1e6))
}

// body writes about size bytes of base64 or of JSON as it stands in JSON.
func (w *writer) body(size int) {
	if w.rand.IntN(3) == 0 {
		w.base64(int64(size))
		return
	}
	for left := size; left > 0; {
		piece := `{\"id\":\"` + w.id() + `\",\"description\":\"made up\",\"count\":` + strconv.Itoa(w.rand.IntN(1e4)) + `,\"active\":true},\n`
		w.put("%s", piece)
		left -= len(piece)
	}
}

func (w *writer) base64(size int64) {
	piece := strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5", 16)
	for ; size > int64(len(piece)); size -= int64(len(piece)) {
		n, _ := io.WriteString(w.Writer, piece)
		w.written += int64(n)
	}
}
