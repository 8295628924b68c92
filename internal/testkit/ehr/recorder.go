package ehr

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/apionboard/ngapi/internal/testkit"
)

// A Recorder is a transport that sends every request to a practice on loopback,
// whatever host it is meant for, and keeps it as browsers do.
type Recorder struct {
	practice *url.URL
	loopback *http.Transport

	mu      sync.Mutex
	entries []any
}

// NewRecorder records what goes to the practice at base, http://127.0.0.1:PORT.
func NewRecorder(base string) (*Recorder, error) {
	u, err := url.Parse(base)
	return &Recorder{practice: u, loopback: testkit.LoopbackOnly()}, err
}

// RoundTrip implements http.RoundTripper.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		var err error
		if sent, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		_ = req.Body.Close()
	}
	out := req.Clone(req.Context())
	out.URL.Scheme, out.URL.Host = r.practice.Scheme, r.practice.Host
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
	res, err := r.loopback.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(got))
	if err == nil {
		r.keep(req, sent, res, got)
	}
	return res, err
}

func (r *Recorder) keep(req *http.Request, sent []byte, res *http.Response, got []byte) {
	headers := func(h http.Header) []any {
		list := []any{}
		for name, values := range h {
			for _, v := range values {
				list = append(list, map[string]any{"name": name, "value": v})
			}
		}
		return list
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries = append(r.entries, map[string]any{
		"startedDateTime": "2026-11-20T09:00:00.000Z", "time": 12.75,
		"request": map[string]any{
			"method": req.Method, "url": req.URL.String(), "httpVersion": "http/2.0", "headers": headers(req.Header),
			"cookies": []any{}, "queryString": []any{}, "headersSize": -1, "bodySize": len(sent),
			"postData": map[string]any{"mimeType": req.Header.Get("Content-Type"), "text": string(sent)},
		},
		"response": map[string]any{
			"status": res.StatusCode, "statusText": "", "httpVersion": "http/2.0", "headers": headers(res.Header), "cookies": []any{},
			"content":     map[string]any{"size": len(got), "mimeType": res.Header.Get("Content-Type"), "text": string(got)},
			"redirectURL": "", "headersSize": -1, "bodySize": len(got),
		},
		"cache": map[string]any{}, "timings": map[string]any{"send": 0.1, "wait": 12.1, "receive": 0.5},
	})
}

// HAR returns what was recorded, as HAR 1.2.
func (r *Recorder) HAR() ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return json.MarshalIndent(map[string]any{"log": map[string]any{
		"version": "1.2", "creator": map[string]any{"name": "ehr", "version": "1"}, "entries": r.entries}}, "", " ")
}
