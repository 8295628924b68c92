package store

import (
	"errors"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The steps of these tests lead from v1 to schemas that do not exist.
func testSteps() []step {
	return []step{
		{"ngapi.profile/v1", "ngapi.profile/v2", func(root *yaml.Node) error {
			for i := 0; i < len(root.Content); i += 2 {
				if root.Content[i].Value == "app" {
					root.Content[i].Value = "application"
				}
			}
			return nil
		}},
		{"ngapi.profile/v2", "ngapi.profile/v3", func(*yaml.Node) error { return nil }},
	}
}

func TestMigrateRunsTheStepsInOrder(t *testing.T) {
	path := file(t, example)
	fine := func([]byte) error { return nil }
	c, err := migrate(t.Context(), path, Options{DryRun: true}, testSteps(), "ngapi.profile/v3", fine)
	if err != nil || c.Written || content(t, path) != example {
		t.Fatal(err)
	}
	alone(t, path)
	c, err = migrate(t.Context(), path, Options{}, testSteps(), "ngapi.profile/v3", fine)
	if err != nil || !c.Written {
		t.Fatal(err)
	}
	want := strings.NewReplacer("profile/v1", "profile/v3", "\napp:", "\napplication:").Replace(example)
	if content(t, path) != want {
		t.Errorf("%s", c.Diff)
	}
	if content(t, path+".v1.bak") != example {
		t.Error("the old file was not kept")
	}
	// A second migration of an older file does not overwrite the backup.
	if err := os.WriteFile(path, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := migrate(t.Context(), path, Options{}, testSteps(), "ngapi.profile/v3", fine); err == nil || !strings.Contains(err.Error(), ".v1.bak: an older backup is in the way") {
		t.Error(err)
	}
}

func TestMigrateLeavesTheFileOnFailure(t *testing.T) {
	path := file(t, example)
	broken := []step{{"ngapi.profile/v1", "ngapi.profile/v2", func(*yaml.Node) error { return errors.New("no") }}}
	if _, err := migrate(t.Context(), path, Options{}, broken, "ngapi.profile/v2", nil); err == nil || !strings.Contains(err.Error(), "the migration from ngapi.profile/v1 to ngapi.profile/v2 failed: no") {
		t.Error(err)
	}
	if _, err := migrate(t.Context(), path, Options{}, testSteps(), "ngapi.profile/v3", func([]byte) error { return errors.New("invalid") }); err == nil {
		t.Error("an invalid result was accepted")
	}
	if content(t, path) != example {
		t.Error("the file was changed")
	}
	alone(t, path)
}

func TestMigrateOfTheCurrentSchema(t *testing.T) {
	path := file(t, example)
	if c, err := Migrate(t.Context(), path, Options{}); err != nil || c.Written || c.Diff != "" {
		t.Errorf("%v %+v", err, c)
	}
	alone(t, path)
	path = file(t, "app: {name: x}\n")
	if _, err := Migrate(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "the schema is missing") {
		t.Error(err)
	}
}
