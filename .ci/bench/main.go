// Command bench measures ngapi against the programs that docs/benchmarks.md
// names: everything in one interleaved run, so that a busy machine slows all
// sides alike. It prints medians and minima of wall time, user plus system time
// and peak memory, and the ratios.
//
//	go run ./.ci/bench [-runs 40] [-conftest PATH]
//	go run ./.ci/bench -captures [-runs 5]
//
// Without -conftest it builds conftest 0.71.1 with the ordinary Go client,
// which takes some minutes.
package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type subject struct {
	name string
	dir  string
	args []string

	wall, cpu []time.Duration
	rss       []int64 // KiB
}

func main() {
	runs := flag.Int("runs", 40, "runs of each command")
	conftest := flag.String("conftest", "", "a conftest 0.71.1 that is built already")
	evidence := flag.Bool("captures", false, "measure the reading of captures instead; needs 2 GB of disk, jq, node and npm")
	flag.Parse()
	if err := bench(*runs, *conftest, *evidence); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(runs int, conftest string, evidence bool) error {
	dir, err := os.MkdirTemp("", "ngapi-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if evidence {
		conftest = "not used"
	}
	if err := build(dir, &conftest); err != nil {
		return err
	}
	if evidence {
		return captures(dir, filepath.Join(dir, "ngapi"), runs)
	}
	if err := inputs(dir); err != nil {
		return err
	}
	ngapi, hello := filepath.Join(dir, "ngapi"), filepath.Join(dir, "hello")
	subjects := []*subject{
		{name: "hello", args: []string{hello}},
		{name: "version", args: []string{ngapi, "version"}},
		{name: "help", args: []string{ngapi, "help"}},
		{name: "conftest", args: []string{conftest, "test", "--policy", "policy", "full.json"}},
		{name: "check-beta", args: []string{ngapi, "check-beta", "--as-of", "2026-11-23", "full.yaml"}},
		{name: "check-beta json", args: []string{ngapi, "check-beta", "--as-of", "2026-11-23", "-o", "json", "full.yaml"}},
	}
	if err := interleave(dir, subjects, runs); err != nil {
		return err
	}
	table(subjects)
	fmt.Println()
	ratio(subjects, "version", "hello")
	ratio(subjects, "help", "hello")
	ratio(subjects, "check-beta", "conftest")
	ratio(subjects, "check-beta json", "conftest")
	fmt.Println()
	if err := initialisation(ngapi); err != nil {
		return err
	}
	return routes(dir, ngapi, max(5, runs/8))
}

// initialisation adds up the bytes that packages allocate before main begins,
// as the runtime's init trace prints them.
func initialisation(ngapi string) error {
	cmd := exec.Command(ngapi, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return err
	}
	total, most, name := 0, 0, ""
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line) // init NAME @0.1 ms, 0.01 ms clock, 128 bytes, 2 allocs
		if len(fields) < 9 || fields[0] != "init" {
			continue
		}
		n, err := strconv.Atoi(fields[7])
		if err != nil {
			return fmt.Errorf("init trace %q: %w", line, err)
		}
		total += n
		if n > most {
			most, name = n, fields[1]
		}
	}
	fmt.Printf("package initialisation: %d bytes in all, at most %d in one package (%s)\n\n", total, most, name)
	return nil
}

// build makes the programs in dir: ngapi as released, and a Go hello world.
func build(dir string, conftest *string) error {
	hello := filepath.Join(dir, "hello.go")
	if err := os.WriteFile(hello, []byte("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"), 0o600); err != nil {
		return err
	}
	steps := [][]string{
		{"go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, "ngapi"), "./cmd/ngapi"},
		{"go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, "hello"), hello},
	}
	if *conftest == "" {
		*conftest = filepath.Join(dir, "conftest")
		steps = append(steps, []string{"go", "install", "-trimpath", "-ldflags", "-s -w", "github.com/open-policy-agent/conftest@v0.71.1"})
	}
	for _, step := range steps {
		cmd := exec.Command(step[0], step[1:]...)
		cmd.Env = append(os.Environ(), "GOBIN="+dir, "CGO_ENABLED=0") // as released
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(step, " "), err, out)
		}
	}
	return nil
}

// inputs writes a full profile with its route list, a JSON document of the same
// size, and 60 rules for conftest.
func inputs(dir string) error {
	profile, err := os.ReadFile("docs/examples/scheduling-client/ngapi.yaml")
	if err != nil {
		return err
	}
	list, err := os.ReadFile("docs/examples/scheduling-client/routes.csv")
	if err != nil {
		return err
	}
	size := len(profile) + len(list)
	files := map[string]string{"full.yaml": string(profile), "routes.csv": string(list), "full.json": document(size)}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "policy"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "policy", "rules.rego"), []byte(policy(60)), 0o600)
}

// document is a JSON profile of about size bytes.
func document(size int) string {
	var b strings.Builder
	b.WriteString(`{"organization":{"type":"vendor","terms":"distributor","terms_executed":"2026-10-19"},"app":{"audience":"providers","apis":["enterprise"],"unattended":true,"auth":["gsa"]},"routes":[`)
	for i := 0; b.Len() < size-2; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"method":"GET","path":"/persons/{personId}/chart/part%d"}`, i)
	}
	b.WriteString("]}\n")
	return b.String()
}

// policy writes n rules of the kinds that a readiness gate has: presence,
// equality, membership and a pattern over the routes.
func policy(n int) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport rego.v1\n\n")
	for i := range n {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "deny contains msg if {\n\tnot input.portal.registered\n\tmsg := \"rule %d: not registered\"\n}\n\n", i)
		case 1:
			fmt.Fprintf(&b, "deny contains msg if {\n\tinput.organization.type != \"vendor\"\n\tmsg := \"rule %d: no vendor\"\n}\n\n", i)
		case 2:
			fmt.Fprintf(&b, "warn contains msg if {\n\t\"gsa\" in input.app.auth\n\tnot input.app.checked%d\n\tmsg := \"rule %d: look at the tab\"\n}\n\n", i, i)
		default:
			fmt.Fprintf(&b, "deny contains msg if {\n\tsome r in input.routes\n\tregex.match(`/part%d$`, r.path)\n\tr.method != \"GET\"\n\tmsg := sprintf(\"rule %d: %%s\", [r.path])\n}\n\n", i, i)
		}
	}
	return b.String()
}

func interleave(dir string, subjects []*subject, runs int) error {
	order := slices.Clone(subjects)
	for round := range runs + 2 {
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, s := range order {
			wall, cpu, rss, err := once(dir, s.args)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			if round < 2 { // warm the page cache
				continue
			}
			s.wall, s.cpu, s.rss = append(s.wall, wall), append(s.cpu, cpu), append(s.rss, rss)
		}
	}
	return nil
}

// once runs a command with its output discarded. Any exit code is a run; only a
// command that cannot start or is killed is an error.
func once(dir string, args []string) (wall, cpu time.Duration, rss int64, err error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	start := time.Now()
	err = cmd.Run()
	wall = time.Since(start)
	state := cmd.ProcessState
	if state == nil || !state.Exited() {
		return 0, 0, 0, fmt.Errorf("%v: %w", args, err)
	}
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		rss = usage.Maxrss
	}
	return wall, state.UserTime() + state.SystemTime(), rss, nil
}

func median[T int64 | time.Duration](list []T) T {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

func table(subjects []*subject) {
	fmt.Println("| command | wall median (min) ms | user+system median (min) ms | peak memory median MiB |")
	fmt.Println("| --- | --- | --- | --- |")
	for _, s := range subjects {
		fmt.Printf("| %s | %.1f (%.1f) | %.1f (%.1f) | %.1f |\n", s.name,
			ms(median(s.wall)), ms(slices.Min(s.wall)), ms(median(s.cpu)), ms(slices.Min(s.cpu)), float64(median(s.rss))/1024)
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func ratio(subjects []*subject, a, b string) {
	find := func(name string) *subject {
		return subjects[slices.IndexFunc(subjects, func(s *subject) bool { return s.name == name })]
	}
	x, y := find(a), find(b)
	fmt.Printf("%s / %s: wall median %.2f, wall min %.2f, cpu median %.2f, memory %.2f\n", a, b,
		float64(median(x.wall))/float64(median(y.wall)), float64(slices.Min(x.wall))/float64(slices.Min(y.wall)),
		float64(median(x.cpu))/float64(median(y.cpu)), float64(median(x.rss))/float64(median(y.rss)))
}

// routes measures routes check on lists of growing length.
func routes(dir, ngapi string, runs int) error {
	fmt.Println("| routes check | wall median (min) ms | peak memory MiB |")
	fmt.Println("| --- | --- | --- |")
	for _, n := range []int{100, 10_000, 100_000} {
		name := "routes" + strconv.Itoa(n) + ".csv"
		if err := routeList(filepath.Join(dir, name), n); err != nil {
			return err
		}
		s := &subject{name: name, args: []string{ngapi, "routes", "check", name}}
		if err := interleave(dir, []*subject{s}, runs); err != nil {
			return err
		}
		fmt.Printf("| %d | %.1f (%.1f) | %.1f |\n", n, ms(median(s.wall)), ms(slices.Min(s.wall)), float64(median(s.rss))/1024)
	}
	return nil
}

func routeList(path string, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	words := []string{"alpha", "bravo", "carol", "delta", "ember", "fjord", "gamma", "hotel", "indigo", "joule"}
	rows := [][]string{{"method", "path", "purpose"}}
	for i := range n {
		p := ""
		for v := i; ; v /= 10 {
			p += "/" + words[v%10]
			if v < 10 {
				break
			}
		}
		rows = append(rows, []string{[]string{"GET", "POST", "PATCH"}[i%3], "/persons/{personId}" + p, "made up for the measurement"})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return f.Close()
}
