package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/suggest"
)

func newProfileClient(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "client",
		Short:   "Add, change and remove Beta clients",
		Long:    "Add, change and remove the Beta clients of the profile.\nFields: contact, guidance_sent, consent_given, signoff.",
		Example: "  ngapi profile client add \"Client A\" contact=it@client-a.example\n  ngapi profile client set \"Client A\" guidance_sent=2026-11-05",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		clientCommand(s, "add NAME [FIELD=VALUE...]", "Add a Beta client", cobra.MinimumNArgs(1), (*store.Doc).AddClient),
		clientCommand(s, "set NAME FIELD=VALUE...", "Change a Beta client", cobra.MinimumNArgs(2), nil),
		clientCommand(s, "remove NAME", "Remove a Beta client", cobra.ExactArgs(1), (*store.Doc).RemoveClient),
	)
	return cmd
}

func clientCommand(s *session, use, short string, args cobra.PositionalArgs, first func(*store.Doc, string) error) *cobra.Command {
	verb, _, _ := strings.Cut(use, " ")
	var dryRun bool
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Long:  long(short+". An empty value takes a field away.\nEdits keep comments and order.", exit.OK, exit.Usage),
		Example: map[string]string{
			"add":    "  ngapi profile client add \"Client A\" contact=it@client-a.example",
			"set":    "  ngapi profile client set \"Client A\" guidance_sent=2026-11-05 consent_given=2026-11-06",
			"remove": "  ngapi profile client remove \"Client A\"",
		}[verb],
		Args: args,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			fields, err := clientFields(args[1:])
			if err != nil {
				return err
			}
			return s.edit(cmd, dryRun, func(doc *store.Doc) error {
				if first != nil {
					if err := first(doc, args[0]); err != nil {
						return err
					}
				}
				for _, f := range fields {
					if err := doc.SetClient(args[0], f.id, f.value); err != nil {
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

type clientField struct {
	id    trait.ID
	value string
}

// clientFields checks FIELD=VALUE pairs; all problems are reported at once.
func clientFields(pairs []string) ([]clientField, error) {
	var out []clientField
	var problems []exit.Problem
	known := []string{"contact", "guidance_sent", "consent_given", "signoff"}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		t, found := trait.Standard().Get(trait.ID("client." + name))
		if !ok || !found {
			do := "write one of " + strings.Join(known, ", ") + " as FIELD=VALUE"
			if near := suggest.Nearest(name, known); near != "" {
				do = "did you mean " + near + "? " + do
			}
			problems = append(problems, exit.Problem{What: quoted(pair) + " is no field of a client", Do: do})
			continue
		}
		if value != "" {
			if _, err := t.Parse(value); err != nil {
				problems = append(problems, exit.Problem{What: err.Error()})
				continue
			}
		}
		out = append(out, clientField{t.ID, value})
	}
	return out, exit.Problems(exit.Usage, problems)
}
