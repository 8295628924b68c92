package collection

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
	"github.com/apionboard/ngapi/internal/routes/observe/tree"
)

func detectInsomnia4(head []byte, _ string) bool {
	return bytes.Contains(head, []byte("__export_format")) && bytes.Contains(head, []byte("_type"))
}

func readInsomnia4(r io.Reader, name string, sink infer.Sink) (int64, error) {
	in := bufio.NewReader(r)
	begin, _ := in.Peek(64) // what is missing, the reader reports
	r = in
	var doc *tree.Value
	var err error
	if bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(begin, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("{")) {
		doc, err = tree.ReadJSON(r, name, elide.Rules{
			Keep:  []string{"resources", "_type", "method", "url", "parameters", "name", "value", "disabled"},
			Words: []string{"_id", "parentId", "headers", "body", "authentication", "data"},
		})
	} else {
		doc, err = tree.ReadYAML(r, name, []string{"headers", "body", "authentication", "data", "description"})
	}
	if err != nil {
		return 0, err
	}
	var n int64
	for _, one := range doc.Get("resources").Elements() {
		if one.Get("_type").Text() != "request" || one.Get("url").Text() == "" {
			continue
		}
		k, err := insomniaRequest(one).emit(sink, "insomnia", nil)
		if n += k; err != nil {
			return n, err
		}
	}
	return n, nil
}

func detectInsomnia5(head []byte, _ string) bool {
	return bytes.Contains(head, []byte("type: collection.insomnia.rest/5"))
}

func readInsomnia5(r io.Reader, name string, sink infer.Sink) (int64, error) {
	doc, err := tree.ReadYAML(r, name, []string{"headers", "body", "authentication", "environments", "scripts", "cookieJar", "meta", "description"})
	if err != nil {
		return 0, err
	}
	return insomniaChildren(doc.Get("collection"), sink, 0)
}

func insomniaChildren(list *tree.Value, sink infer.Sink, depth int) (n int64, err error) {
	for _, one := range list.Elements() {
		if depth < 100 {
			inner, err := insomniaChildren(one.Get("children"), sink, depth+1)
			if n += inner; err != nil {
				return n, err
			}
		}
		if one.Get("url").Text() == "" || one.Get("method").Text() == "" {
			continue
		}
		k, err := insomniaRequest(one).emit(sink, "insomnia", nil)
		if n += k; err != nil {
			return n, err
		}
	}
	return n, nil
}

func insomniaRequest(one *tree.Value) saved {
	address := one.Get("url").Text()
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	for _, p := range one.Get("parameters").Elements() {
		if name := p.Get("name").Text(); name != "" && p.Get("disabled").Text() != "true" {
			address += separator + parameter(name, p.Get("value").Text())
			separator = "&"
		}
	}
	return saved{method: one.Get("method").Text(), address: address}
}
