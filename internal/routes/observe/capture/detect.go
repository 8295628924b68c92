package capture

import (
	"bytes"

	"github.com/apionboard/ngapi/internal/routes/observe/elide"
)

// DetectHAR tells whether a file that begins with head is a HAR: an object
// with a log that has one of its members.
func DetectHAR(head []byte, _ string) bool {
	found := false
	sniff(head, func(log bool, name []byte) {
		switch string(name) {
		case "version", "creator", "browser", "pages", "entries":
			found = found || log
		}
	})
	return found
}

// DetectOTLP tells whether a file that begins with head is the JSON form of
// OpenTelemetry data: one object or one on each line.
func DetectOTLP(head []byte, _ string) bool {
	found := false
	sniff(head, func(log bool, name []byte) {
		switch string(name) {
		case "resourceSpans", "resource_spans", "resourceMetrics", "resourceLogs":
			found = found || !log
		}
	})
	return found
}

// sniff calls member with the names in the first document of head and in its
// log.
func sniff(head []byte, member func(log bool, name []byte)) {
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n[")
	if len(start) == 0 || start[0] != '{' {
		return
	}
	// The end of the head is an error; what came before it counts.
	dec, _ := elide.Decoder(bytes.NewReader(start), elide.Rules{Keep: []string{"log"}, MaxString: 256})
	_ = elide.Members(dec, func(name []byte) error {
		member(false, name)
		if string(name) != "log" {
			return dec.SkipValue()
		}
		return elide.Members(dec, func(name []byte) error {
			member(true, name)
			return dec.SkipValue()
		})
	})
}
