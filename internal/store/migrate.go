package store

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
)

// step brings a profile from one schema to the next. It changes the node tree
// and nothing else; the schema line is rewritten by the caller.
type step struct {
	from, to string
	apply    func(root *yaml.Node) error
}

// steps lists the migrations in order. There is one schema so far, so there is
// none.
func steps() []step { return nil }

// Migrate brings a profile to the current Schema, under the lock of Edit. The
// old file stays as FILE.VERSION.bak, for example ngapi.yaml.v1.bak. A profile
// that has the current schema is not changed.
func Migrate(ctx context.Context, path string, o Options) (Change, error) {
	return migrate(ctx, path, o, steps(), Schema, func(data []byte) error {
		_, err := Parse(path, data)
		return err
	})
}

// migrate is Migrate with its steps, its goal and its check as parameters.
func migrate(ctx context.Context, path string, o Options, list []step, goal string, check func([]byte) error) (Change, error) {
	return locked(ctx, path, o, func(before []byte) ([]byte, error) {
		if before == nil {
			return nil, unreadable(path, fs.ErrNotExist)
		}
		after, from, err := migrated(path, before, list, goal)
		if err != nil {
			return nil, err
		}
		if err := check(after); err != nil {
			return nil, err
		}
		if bytes.Equal(before, after) || o.DryRun {
			return after, nil
		}
		return after, backup(path, from, before)
	})
}

// migrated applies the steps from the schema of the file to the goal.
func migrated(path string, before []byte, list []step, goal string) (after []byte, from string, err error) {
	src, flaw := text(path, before)
	if flaw != nil {
		return nil, "", exit.Problems(exit.Usage, []exit.Problem{*flaw})
	}
	p := problems{file: path}
	d := newDoc(path, before, src)
	root := parse([]byte(d.source), &p)
	if root != nil {
		inspect(root, &p)
	}
	if err := p.err(); err != nil {
		return nil, "", err
	}
	schema := lookup(root, "schema")
	if schema == nil {
		return before, "", nil // the check says what is missing
	}
	if err := d.load(); err != nil {
		return nil, "", err
	}
	schema = lookup(d.root, "schema")
	from = schema.Value
	for _, s := range list {
		if s.from != schema.Value || schema.Value == goal {
			continue
		}
		if err := s.apply(d.root); err != nil {
			return nil, "", fileError(exit.Usage, path, "the migration from "+s.from+" to "+s.to+" failed: "+clean(err.Error()), "correct the file and try again", err)
		}
		schema.Value = s.to
	}
	after, err = d.bytes()
	return after, from, err
}

// backup keeps the old file. One that is there from an earlier migration is not
// overwritten.
func backup(path, schema string, data []byte) error {
	_, number, _ := strings.Cut(schema, "/")
	target, err := resolve(path)
	if err != nil {
		return unwritable(path, err)
	}
	name := target + "." + number + ".bak"
	if _, err := os.Lstat(name); err == nil {
		return fileError(exit.Usage, name, "an older backup is in the way", "move it elsewhere, then run ngapi profile migrate again", nil)
	}
	return WriteFile(name, data, profileMode)
}
