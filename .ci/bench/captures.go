package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// converter runs har-to-openapi with parameters on, as its documentation says.
const converter = `import { readFileSync } from "node:fs";
import { generateSpec } from "har-to-openapi";
const har = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { yamlSpec } = await generateSpec(har, { attemptToParameterizeUrl: true, forceAllRequestsInSameSpec: true });
process.stdout.write(yamlSpec);
`

// captures measures the drafting of a route list against jq, which only counts,
// and against har-to-openapi, which drafts an API description.
func captures(dir, ngapi string, runs int) error {
	generator := filepath.Join(dir, "evidence")
	if out, err := exec.Command("go", "build", "-o", generator, "./.ci/bench/evidence").CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	files := []struct{ name, kind, size string }{
		{"fat200.har", "fat", "200MB"}, {"thin200.har", "thin", "200MB"}, {"fat1000.har", "fat", "1000MB"}, {"long300.har", "longstring", "300MB"},
	}
	for _, f := range files {
		if out, err := exec.Command(generator, "-kind", f.kind, "-size", f.size, "-out", filepath.Join(dir, f.name)).CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
	}
	node, err := installConverter(dir)
	if err != nil {
		fmt.Println("har-to-openapi is left out:", err)
	}
	var subjects []*subject
	for _, f := range files {
		draft := []string{ngapi, "routes", "import", f.name, "--dry-run", "-q"}
		subjects = append(subjects, &subject{name: "ngapi " + f.name, args: draft})
	}
	subjects = append(subjects, &subject{name: "ngapi fat200.har, to xlsx", args: []string{"sh", "-c",
		ngapi + " routes import fat200.har --file drafted.csv -q && " + ngapi + " routes export drafted.csv -o xlsx=drafted.xlsx -q"}})
	for _, f := range files[:2] {
		subjects = append(subjects, &subject{name: "jq " + f.name, args: []string{"jq",
			`[.log.entries[].request | .method + " " + (.url | split("?")[0])] | group_by(.) | map({call: .[0], count: length})`, f.name}})
	}
	if err := interleave(dir, subjects, runs); err != nil {
		return err
	}
	if node != nil {
		for _, f := range files[:2] { // slow: a few runs, beside a run of ours each
			slow := &subject{name: "har-to-openapi " + f.name, args: append(slices.Clone(node), f.name)}
			if err := interleave(dir, []*subject{slow}, 1); err != nil {
				return err
			}
			subjects = append(subjects, slow)
		}
	}
	table(subjects)
	fmt.Println()
	for _, f := range files[:2] {
		ratio(subjects, "ngapi "+f.name, "jq "+f.name)
		if node != nil {
			ratio(subjects, "ngapi "+f.name, "har-to-openapi "+f.name)
		}
	}
	ratio(subjects, "ngapi fat1000.har", "ngapi fat200.har")
	return nil
}

// installConverter gets har-to-openapi by the ordinary npm client.
func installConverter(dir string) ([]string, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "convert.mjs"), []byte(converter), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("npm", "install", "--silent", "--no-save", "--prefix", dir, "har-to-openapi@3.0.1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	return []string{"node", "--max-old-space-size=12000", "convert.mjs"}, nil
}
