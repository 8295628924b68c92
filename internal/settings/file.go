package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
)

// maxBytes is the size of the largest settings file.
const maxBytes = 64 << 10

// entry is one setting of the file.
type entry struct{ value, origin string }

// file is a settings file that was read.
type file struct {
	entries  map[string]entry
	problems []exit.Problem
}

// readFile reads the settings file. One that is not there has no settings.
func readFile(path string) (file, error) {
	if path == "" {
		return file{}, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return file{}, nil // a home that is no folder has no settings either
	}
	if err != nil {
		return file{}, unreadable(path, err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return file{}, unreadable(path, err)
	}
	return parse(path, data), nil
}

func unreadable(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return &exit.Error{Code: exit.Usage, Err: err, Problems: []exit.Problem{{File: path,
		What: "the settings file cannot be read: " + err.Error(), Do: "correct its permissions, or set NGAPI_CONFIG_DIR to another folder"}}}
}

// parse reads a flat mapping of known keys to scalars, strictly.
func parse(path string, data []byte) file {
	out := file{entries: map[string]entry{}}
	bad := func(line, column int, what, do string) {
		out.problems = append(out.problems, exit.Problem{File: path, Line: line, Column: column, What: what, Do: do})
	}
	if len(data) > maxBytes {
		bad(0, 0, fmt.Sprintf("the settings file is larger than %d bytes", maxBytes), "keep only settings in it")
		return out
	}
	root, line, what := tree(data)
	switch {
	case what != "":
		bad(line, 0, "this is not valid YAML: "+what, "write one setting on a line, as key: value")
		return out
	case root == nil || root.Tag == "!!null":
		return out
	case root.Kind != yaml.MappingNode:
		bad(root.Line, root.Column, "the settings file holds no settings", "write one setting on a line, as key: value")
		return out
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		at := slices.Index(names(), key.Value)
		switch {
		case at < 0:
			bad(key.Line, key.Column, "unknown setting "+shown(key.Value), near(key.Value))
		case out.entries[key.Value] != entry{}:
			bad(key.Line, key.Column, key.Value+" is there twice", "keep one of them")
		case value.Tag == "!!null" && value.Anchor == "":
		default:
			text, do := scalar(Keys()[at], value)
			if do != "" {
				bad(value.Line, value.Column, key.Value+" cannot be "+shown(value.Value), do)
				continue
			}
			out.entries[key.Value] = entry{text, path + ":" + strconv.Itoa(key.Line)}
		}
	}
	return out
}

// scalar reads a value with its YAML type: a text that looks like a number or a
// truth value has to be quoted, as in the profile.
func scalar(k Key, n *yaml.Node) (value, do string) {
	switch {
	case n.Kind != yaml.ScalarNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0:
		return "", "write one plain value"
	case k.Bool && n.Tag != "!!bool":
		return "", "write true or false, without quotation marks"
	case !k.Bool && n.Tag != "!!str":
		return "", "put it in quotation marks"
	}
	return k.check(n.Value)
}

// where matches the line in a message of the parser.
var where = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^line (\d+): `) })

// tree parses data into a node tree; root is nil where there is no content.
func tree(data []byte) (root *yaml.Node, line int, what string) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, 0, ""
	}
	if err == nil {
		if err = dec.Decode(&second); err == nil {
			return nil, second.Line, "there is more than one document"
		}
	}
	if !errors.Is(err, io.EOF) {
		what = strings.TrimPrefix(err.Error(), "yaml: ")
		line = 1
		if m := where().FindStringSubmatch(what); m != nil {
			line, _ = strconv.Atoi(m[1])
			what = what[len(m[0]):]
		}
		return nil, line, what
	}
	return doc.Content[0], 0, ""
}

// shown makes a text from a file or the command line safe to print.
func shown(s string) string { return strconv.Quote(clip(s)) }

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}

func joined() string { return strings.Join(names(), ", ") }
