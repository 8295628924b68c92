package collection

import (
	"bytes"
	"io"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
	"github.com/apionboard/ngapi/internal/routes/observe/tree"
)

func detectPostman(head []byte, _ string) bool {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if !bytes.HasPrefix(trimmed, []byte("{")) {
		return false
	}
	return bytes.Contains(head, []byte("schema.getpostman.com/json/collection")) || bytes.Contains(head, []byte(`"_postman_id"`)) ||
		bytes.Contains(head, []byte(`"item"`)) && bytes.Contains(head, []byte(`"request"`))
}

// postmanRules keep what an address is made of. The value of a variable may be
// a secret: only one that the base of an address names is looked at.
func postmanRules() elide.Rules {
	return elide.Rules{
		Keep:  []string{"collection", "item", "request", "method", "url", "raw", "protocol", "host", "port", "path", "query", "key", "value", "disabled", "variable"},
		Words: []string{"info", "schema", "name", "header", "body", "auth", "response", "event", "description"},
	}
}

func readPostman(r io.Reader, name string, sink infer.Sink) (int64, error) {
	doc, err := tree.ReadJSON(r, name, postmanRules())
	if err != nil {
		return 0, err
	}
	if inner := doc.Get("collection"); len(inner.Get("item").Elements()) > 0 {
		doc = inner // as Postman's own API hands it out
	}
	vars := map[string]string{}
	for _, v := range doc.Get("variable").Elements() {
		if v.Get("disabled").Text() != "true" {
			vars[v.Get("key").Text()] = v.Get("value").Text()
		}
	}
	return postmanItems(doc.Get("item"), sink, vars, 0)
}

func postmanItems(items *tree.Value, sink infer.Sink, vars map[string]string, depth int) (n int64, err error) {
	if depth > 100 {
		return 0, nil
	}
	for _, item := range items.Elements() {
		inner, err := postmanItems(item.Get("item"), sink, vars, depth+1)
		if n += inner; err != nil {
			return n, err
		}
		request := item.Get("request")
		one := saved{method: request.Get("method").Text(), address: postmanURL(request.Get("url"))}
		if request.IsText() {
			one.address = request.Text() // a request may be no more than its address
		}
		if one.address == "" {
			continue
		}
		k, err := one.emit(sink, "postman", vars)
		if n += k; err != nil {
			return n, err
		}
	}
	return n, nil
}

// postmanURL puts an address together; its parts go before the text of it, which
// older versions leave out or let go stale.
func postmanURL(url *tree.Value) string {
	if url.IsText() {
		return url.Text()
	}
	host, path := join(url.Get("host"), "."), join(url.Get("path"), "/")
	if host == "" && path == "" {
		return url.Get("raw").Text()
	}
	var b strings.Builder
	if scheme := url.Get("protocol").Text(); scheme != "" && !strings.HasPrefix(host, "{{") {
		b.WriteString(scheme + "://")
	}
	b.WriteString(host)
	if port := url.Get("port").Text(); port != "" {
		b.WriteString(":" + port)
	}
	b.WriteString("/" + strings.TrimPrefix(path, "/"))
	separator := "?"
	for _, q := range url.Get("query").Elements() {
		if key := q.Get("key").Text(); key != "" && q.Get("disabled").Text() != "true" {
			b.WriteString(separator + parameter(key, q.Get("value").Text()))
			separator = "&"
		}
	}
	return b.String()
}

// join writes a list of texts, or of objects with a value, and a text as it is.
func join(v *tree.Value, separator string) string {
	if v.IsText() {
		return v.Text()
	}
	parts := make([]string, 0, len(v.Elements()))
	for _, p := range v.Elements() {
		if !p.IsText() {
			p = p.Get("value")
		}
		parts = append(parts, p.Text())
	}
	return strings.Join(parts, separator)
}
