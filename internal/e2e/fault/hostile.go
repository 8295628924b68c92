package fault

import (
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

// Nasty is a text that steers terminals, breaks XML and turns reading order.
const Nasty = "\\u001b[2J\\u001b]52;c;ZWNobyBoaQ==\\u0007 \\u0001\\u0000\\ufffe \\u202egnp.exe\\u202c \\u009b31m ]]> <!-- \\r\\nok: all good"

// Drip sends a byte now and then, for longer than anybody should wait.
func Drip() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		flusher := http.NewResponseController(w)
		for {
			if _, err := io.WriteString(w, " "); err != nil {
				return
			}
			_ = flusher.Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
}

// Bomb is a small answer that unpacks to so many bytes.
func Bomb(bytes int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		block := make([]byte, 1<<16)
		for sent := 0; sent < bytes; sent += len(block) {
			if _, err := z.Write(block); err != nil {
				return
			}
		}
		_ = z.Close()
	}
}

// BigHeader answers with a header of so many bytes.
func BigHeader(bytes int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Big", strings.Repeat("A", bytes))
		Granted(nil).ServeHTTP(w, r)
	}
}

// NoHTTP is a server of another protocol; it returns host and port.
func NoHTTP(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	if !loopback.IsLoopback(l.Addr().String()) {
		t.Fatal("not on loopback")
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.6\r\n")
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}
