package accesslog

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// A role is what a field of a JSON log says about a request.
type role uint8

const (
	roleRequest role = iota // the request line: GET /path HTTP/1.1
	roleMethod
	roleTarget // path, path with query, or absolute address
	roleQuery
	roleHost
	roleStatus
	roleOrigin // that there was an Origin header; the value is skipped
	roles
)

// A field is one row of the table of known fields.
type field struct {
	name string // dotted where objects lie inside each other
	role role
}

// fields lists the fields that are known, the better one first where several
// say the same: what was sent goes before what the server made of it.
func fields() []field {
	return []field{
		// nginx, whose names are those of its variables.
		{"request_method", roleMethod}, {"request_uri", roleTarget}, {"args", roleQuery}, {"query_string", roleQuery},
		{"http_host", roleHost}, {"status", roleStatus}, {"http_origin", roleOrigin}, {"request", roleRequest},
		// Caddy.
		{"request.method", roleMethod}, {"request.uri", roleTarget}, {"request.host", roleHost}, {"request.headers.Origin", roleOrigin},
		// Envoy and Istio, by the names of their documentation.
		{"method", roleMethod}, {"x_envoy_original_path", roleTarget}, {"path", roleTarget}, {"authority", roleHost},
		{"response_code", roleStatus}, {":method", roleMethod}, {":path", roleTarget}, {":authority", roleHost},
		// Traefik.
		{"RequestMethod", roleMethod}, {"RequestPath", roleTarget}, {"RequestHost", roleHost}, {"DownstreamStatus", roleStatus},
		// The common schema of log shippers.
		{"http.request.method", roleMethod}, {"url.original", roleTarget}, {"url.path", roleTarget}, {"url.query", roleQuery},
		{"url.domain", roleHost}, {"http.response.status_code", roleStatus},
		// Load balancers whose entries have one object for the request.
		{"httpRequest.requestMethod", roleMethod}, {"httpRequest.requestUrl", roleTarget}, {"httpRequest.status", roleStatus},
		// What is common and says less.
		{"uri", roleTarget}, {"document_uri", roleTarget}, {"url", roleTarget}, {"query", roleQuery}, {"host", roleHost},
		{"server_name", roleHost}, {"status_code", roleStatus}, {"origin", roleOrigin},
	}
}

// A member is what the walker knows about one name in an object.
type member struct {
	known bool
	role  role
	rank  int
	below map[string]*member // members of an object of this name
}

func fieldTree() map[string]*member {
	root := map[string]*member{}
	for rank, f := range fields() {
		names := []string{f.name}
		if strings.Contains(f.name, ".") {
			names = append(names, "") // the parts one by one, and the dotted name as it is
		}
		for _, flat := range names {
			parts := []string{flat}
			if flat == "" {
				parts = strings.Split(f.name, ".")
			}
			level := root
			for i, part := range parts {
				m := level[part]
				if m == nil {
					m = &member{}
					level[part] = m
				}
				if i == len(parts)-1 {
					m.known, m.role, m.rank = true, f.role, rank
				} else if m.below == nil {
					m.below = map[string]*member{}
				}
				level = m.below
			}
		}
	}
	return root
}

// jsonLines reads one JSON object for each line.
type jsonLines struct {
	root    map[string]*member
	in      bytes.Buffer
	decoder *jsontext.Decoder
	name    []byte // of a member that is written with escapes
	values  [roles]struct {
		raw  []byte // unquoted
		rank int    // 1 + the row of the field; 0 for none
	}
}

func newJSONLines() *jsonLines {
	return &jsonLines{root: fieldTree(), decoder: jsontext.NewDecoder(strings.NewReader(""))}
}

func (j *jsonLines) parse(line []byte, e *entry) fit {
	if line[0] != '{' {
		i := bytes.Index(line, []byte(`{"`)) // a system log puts words in front
		if i < 0 {
			return unfit
		}
		line = line[i:]
	}
	for i := range j.values {
		j.values[i].rank = 0
	}
	j.in = *bytes.NewBuffer(line)
	// Repeated names and broken text are no reason to lose a line of a log.
	j.decoder.Reset(&j.in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err := j.object(j.root); err != nil {
		return unfit
	}
	if _, err := j.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return unfit
	}
	return j.entry(e)
}

// object walks an object. Values of unknown members are stepped over.
func (j *jsonLines) object(level map[string]*member) error {
	if _, err := j.decoder.ReadToken(); err != nil {
		return err
	}
	for j.decoder.PeekKind() == '"' {
		raw, err := j.decoder.ReadValue()
		if err != nil {
			return err
		}
		if bytes.IndexByte(raw, '\\') < 0 {
			raw = raw[1 : len(raw)-1]
		} else {
			// An error here is about text that is not UTF-8 and was allowed.
			j.name, _ = jsontext.AppendUnquote(j.name[:0], raw)
			raw = j.name
		}
		if err := j.value(level[string(raw)]); err != nil {
			return err
		}
	}
	_, err := j.decoder.ReadToken()
	return err
}

func (j *jsonLines) value(m *member) error {
	kind := j.decoder.PeekKind()
	switch {
	case m == nil:
		return j.decoder.SkipValue()
	case kind == '{' && m.below != nil:
		return j.object(m.below)
	case !m.known || kind == '{' || kind == '[' && m.role != roleOrigin:
		return j.decoder.SkipValue()
	}
	raw, err := j.decoder.ReadValue()
	if err != nil || raw[0] == 'n' || len(raw) <= 2 && raw[0] == '"' || string(raw) == `"-"` {
		return err // nothing was there
	}
	v := &j.values[m.role]
	if v.rank != 0 && v.rank <= m.rank+1 {
		return nil // something better is there already
	}
	v.rank = m.rank + 1
	switch {
	case m.role == roleOrigin: // that it is there is all
	case raw[0] != '"':
		v.raw = append(v.raw[:0], raw...)
	case bytes.IndexByte(raw, '\\') < 0:
		v.raw = append(v.raw[:0], raw[1:len(raw)-1]...)
	default:
		v.raw, _ = jsontext.AppendUnquote(v.raw[:0], raw) // the error is about text that is not UTF-8, which was allowed
	}
	return nil
}

// entry makes an entry of what the line had. A message without a request is
// one that the same program wrote about something else.
func (j *jsonLines) entry(e *entry) fit {
	if line := j.get(roleRequest); line != nil {
		requestLine(line, e)
	}
	if m, t := j.get(roleMethod), j.get(roleTarget); m != nil && t != nil {
		e.method, e.target = m, t
	}
	if e.method == nil && j.get(roleRequest) == nil {
		return aside
	}
	e.query, e.host = j.get(roleQuery), defaultPort(j.get(roleHost))
	e.status, _, _ = number(j.get(roleStatus))
	e.origin = j.values[roleOrigin].rank > 0
	return request
}

func (j *jsonLines) get(r role) []byte {
	if j.values[r].rank == 0 {
		return nil
	}
	return j.values[r].raw
}
