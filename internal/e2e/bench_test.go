package e2e

import (
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/fault"
)

// BenchmarkGSACheck measures a whole GSA check as a process, with a session:
// one token request, practices, login-defaults, one read. "own-ms" is the wall
// time less what the server's handlers took; "floor-ms" is what a process of
// the same binary takes that does nothing (ngapi version). Run it with
//
//	go test -run '^$' -bench GSACheck -benchtime 50x .
func BenchmarkGSACheck(b *testing.B) {
	f := fault.Server(b, fault.Parts{})
	home := drive.NewHome(b)
	env := map[string]string{"NGAPI_CLIENT_SECRET": canary}
	var own, floor time.Duration
	for b.Loop() {
		before := f.Site.Tape.Handling()
		r := drive.Do(b, drive.Run{Binary: binary, Home: home, Env: env, Args: gsa(f.TokenURL, f.APIBase, append(session(), "-o", "json")...)})
		if r.Code != 0 {
			b.Fatalf("code %d: %s", r.Code, r.Stderr)
		}
		own += r.Took - (f.Site.Tape.Handling() - before)
		floor += drive.Do(b, drive.Run{Binary: binary, Home: home, Args: []string{"version"}}).Took
	}
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(b.N) }
	b.ReportMetric(each(own), "own-ms")
	b.ReportMetric(each(floor), "floor-ms")
}
