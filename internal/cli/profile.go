package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/terminal"
)

func newProfile(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "profile",
		GroupID: "main",
		Short:   "Read and edit ngapi.yaml",
		Long: `Read and edit the profile, ngapi.yaml: the file that is committed beside the
application and holds answers and milestones, never a secret. Edits keep
comments and order, are locked and atomic, and lose no other process's save.`,
		Example: `  ngapi profile show
  ngapi profile set portal.registered=2026-10-06
  ngapi profile client add "Client A" contact=it@client-a.example`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newProfileShow(s), newProfileSet(s), newProfileUnset(s), newProfileValidate(s),
		newProfilePath(s), newProfileInit(s), newProfileMigrate(s), newProfileClient(s),
	)
	return cmd
}

func newProfileShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "show",
		Short:   "Show every answer with its place, and what is derived from them",
		Long:    long("Show every recorded trait with its place in the file, what was read off the\nroute list, and what is derived.", exit.OK, exit.Usage),
		Example: "  ngapi profile show\n  ngapi profile show -o json",
		Args:    cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
			d, err := s.developer(required)
			if err != nil {
				return err
			}
			result := report.NewProfileShow(s.tool(), d.ref(), d.set)
			return s.emit(renderers{"json": doc(result), "text": plain(report.ProfileText(s.style(), result))})
		}),
	}
}

func newProfileSet(s *session) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "set TRAIT=VALUE...",
		Short: "Record answers and milestones",
		Long: long(`
Record answers and milestones in the profile. Members of a set are joined by
commas. All pairs are checked before anything is written.`, exit.OK, exit.Usage),
		Example: `  ngapi profile set app.audience=providers app.apis=enterprise,fhir
  ngapi profile set routes.submitted=2026-11-01
  ngapi profile set app.auth=gsa --dry-run`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completeTraits,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			if _, _, err := assume(trait.Set{}, args); err != nil {
				return err
			}
			defer s.hintMissingList(args)
			return s.edit(cmd, dryRun, func(doc *store.Doc) error {
				for _, pair := range args {
					name, value, _ := strings.Cut(pair, "=")
					if value == "" {
						if _, err := doc.Unset(trait.ID(name)); err != nil {
							return err
						}
					} else if err := doc.Set(trait.ID(name), value); err != nil {
						return err
					}
				}
				return nil
			})
		}),
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change, write nothing")
	return cmd
}

// hintMissingList says at once that a route list that was just named is not
// there: every command that evaluates would refuse the profile.
func (s *session) hintMissingList(pairs []string) {
	for _, pair := range pairs {
		name, list, _ := strings.Cut(pair, "=")
		path, found, err := s.profilePath()
		if name != "routes.file" || list == "" || err != nil || !found {
			continue
		}
		if !filepath.IsAbs(list) {
			list = filepath.Join(filepath.Dir(path), list)
		}
		if _, err := os.Stat(list); err != nil {
			s.hint("hint: there is no %s yet; make it with ngapi routes import FILE, or take the key out with ngapi profile unset routes.file", list)
		}
	}
}

func newProfileUnset(s *session) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:               "unset TRAIT...",
		Short:             "Take answers and milestones out of the profile",
		Long:              long("Take answers and milestones out of the profile.\nOne that is not there is no error.", exit.OK, exit.Usage),
		Example:           "  ngapi profile unset app.auth",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completeTraits,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			pairs := make([]string, len(args))
			for i, a := range args {
				pairs[i] = strings.TrimSuffix(a, "=") + "="
			}
			if _, _, err := assume(trait.Set{}, pairs); err != nil {
				return err
			}
			return s.edit(cmd, dryRun, func(doc *store.Doc) error {
				for _, a := range args {
					if _, err := doc.Unset(trait.ID(strings.TrimSuffix(a, "="))); err != nil {
						return err
					}
				}
				return nil
			})
		}),
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change, write nothing")
	return cmd
}

// edit changes the profile and says what changed.
func (s *session) edit(cmd *cobra.Command, dryRun bool, change func(*store.Doc) error) error {
	path, err := s.existingProfile()
	if err != nil {
		return err
	}
	if err := s.claim(path); err != nil {
		return err
	}
	done, err := store.Edit(cmd.Context(), path, store.Options{DryRun: dryRun}, change)
	if err != nil {
		return err
	}
	return s.emitEdit(done)
}

// emitEdit prints what a change did to a file.
func (s *session) emitEdit(done store.Change) error {
	result := report.Edit{Schema: "ngapi.edit/v1", Tool: s.tool(), Path: done.Path, Written: done.Written, Diff: done.Diff}
	return s.emit(renderers{"json": doc(result), "text": plain(report.EditText(s.style(), result))})
}

func newProfileValidate(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "validate [FILE...]",
		Short:   "Check the profile and its route list for mistakes",
		Long:    long("Check profiles and the route lists that they name: every problem at once, with\nline and column.", exit.OK, exit.Usage),
		Example: "  ngapi profile validate\n  ngapi profile validate apps/*/ngapi.yaml",
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				path, err := s.existingProfile()
				if err != nil {
					return err
				}
				args = []string{path}
			}
			var problems []exit.Problem
			for _, path := range args {
				if _, err := s.load(path); err != nil {
					problems = append(problems, exit.List(err)...)
				}
			}
			if err := exit.Problems(exit.Usage, problems); err != nil {
				return err
			}
			result := report.Validated{Schema: "ngapi.validate/v1", Tool: s.tool(), Valid: args}
			return s.emit(renderers{"json": doc(result), "text": plain(report.ValidatedText(s.style(), result))})
		}),
	}
}

func newProfilePath(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "path",
		Short:   "Print the path of the profile in use",
		Long:    long("Print the path of the profile that commands here would use.", exit.OK, exit.Usage),
		Example: "  ngapi profile path",
		Args:    cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
			path, err := s.existingProfile()
			if err != nil {
				return err
			}
			result := map[string]string{"schema": "ngapi.path/v1", "path": path}
			shown := path // exact in a pipe, harmless on a terminal
			if s.world.Streams.OutTTY {
				shown = terminal.Clean(path)
			}
			return s.emit(renderers{"json": doc(result), "text": plain([]byte(shown + "\n"))})
		}),
	}
}

func newProfileInit(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Write a commented, empty profile",
		Long: long(`
Write a commented profile with every question, its type and its choices, to fill
in by hand. ngapi onboard asks instead. An existing file is never overwritten.`, exit.OK, exit.Usage),
		Example: "  ngapi profile init\n  ngapi profile init -p apps/scheduler/ngapi.yaml",
		Args:    cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
			path := s.set.Profile.V
			if path == "" {
				path = store.FileName
			}
			if _, err := os.Lstat(path); err == nil {
				return exit.Errorf(exit.Usage, "%s is there already; edit it with ngapi profile set, or remove it first", path)
			}
			if err := s.claim(path); err != nil {
				return err
			}
			data := store.Template()
			if err := store.WriteFile(path, data, 0o644); err != nil {
				return err
			}
			result := report.Edit{Schema: "ngapi.edit/v1", Tool: s.tool(), Path: path, Written: true}
			return s.emit(renderers{"json": doc(result), "text": plain([]byte(fmt.Sprintf("wrote %s\nnext: ngapi onboard\n", terminal.Clean(path))))})
		}),
	}
}

func newProfileMigrate(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "migrate",
		Short:   "Bring an older profile to the present schema",
		Long:    long("Bring a profile of an older schema to the present one; the old file is kept.", exit.OK, exit.Usage),
		Example: "  ngapi profile migrate",
		Args:    cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, _ []string) error {
			path, err := s.existingProfile()
			if err != nil {
				return err
			}
			if err := s.claim(path); err != nil {
				return err
			}
			done, err := store.Migrate(cmd.Context(), path, store.Options{})
			if err != nil {
				return err
			}
			return s.emitEdit(done)
		}),
	}
}
