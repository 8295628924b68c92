package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/store"
)

func newWaive(s *session) *cobra.Command {
	var w readiness.Waiver
	var dryRun bool
	cmd := &cobra.Command{
		Use:     "waive CHECK",
		GroupID: "main",
		Short:   "Accept for a time that a check fails",
		Long: long(`
Write a waiver into the profile: check-beta then reports the check as waived
until the waiver expires. It needs a reason of at least 20 characters, an
approver and a last day at most 180 days after the approval. Checks that the
page makes a condition of Beta cannot be waived.`, exit.OK, exit.Usage),
		Example: `  ngapi waive BETA-NONPROD --approver "J. Roe" --expires 2027-01-31 \
    --reason "The test system is rebuilt until May"`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeChecks,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			return s.state(cmd, dryRun, func(d *developer, o *readiness.Options) error {
				w.Check, w.ApprovedOn = args[0], d.asOf
				if w.ID == "" {
					w.ID = nextWaiverID(o.Waivers)
				}
				o.Waivers = append(slices.Clone(o.Waivers), w)
				return nil
			}, func(doc *store.Doc) error { return doc.AddWaiver(w) })
		}),
	}
	cmd.Flags().StringVar(&w.ID, "id", "", "`ID` of the waiver (default W-1, W-2, ...)")
	cmd.Flags().StringVar(&w.Subject, "subject", "", "only this `SUBJECT`, for example one client")
	cmd.Flags().StringVar(&w.Reason, "reason", "", "why (`TEXT`, at least 20 characters)")
	cmd.Flags().StringVar(&w.Approver, "approver", "", "`WHO` approved it")
	cmd.Flags().StringVar(&w.Expires, "expires", "", "last `DAY` on which it counts")
	cmd.Flags().StringVar(&w.Ticket, "ticket", "", "`TICKET` that records it")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change, write nothing")
	return cmd
}

// state writes what a person states into the profile, if the gate would take it:
// the statement is added to what the profile holds and judged with it first.
func (s *session) state(cmd *cobra.Command, dryRun bool, add func(*developer, *readiness.Options) error, write func(*store.Doc) error) error {
	d, err := s.developer(required)
	if err != nil {
		return err
	}
	o := d.gateOptions()
	if err := add(d, &o); err != nil {
		return err
	}
	if _, err := readiness.Judge(d.evaluator(), o); err != nil {
		return err
	}
	return s.edit(cmd, dryRun, write)
}

func nextWaiverID(list []readiness.Waiver) string {
	taken := map[string]bool{}
	for _, w := range list {
		taken[w.ID] = true
	}
	for n := 1; ; n++ {
		if id := "W-" + itoa(n); !taken[id] {
			return id
		}
	}
}

func newAttest(s *session) *cobra.Command {
	var a readiness.Attestation
	var dryRun bool
	cmd := &cobra.Command{
		Use:     "attest CHECK",
		GroupID: "main",
		Short:   "Record a person's word on a check that only a person can decide",
		Long: long(`
Write an attestation into the profile: a check that is manual then passes. Say
what was looked at and what was found, in at least 20 characters. An attestation
of BETA-AUTH-ROUTES overrules the dated observations of third parties, as the
vendor's own tab does, and holds for the route list as it is now.`, exit.OK, exit.Usage),
		Example: `  ngapi attest BETA-AUTH-ROUTES --by "J. Roe" \
    --statement "All 25 routes are marked yes in the tab of 2026-10"`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeChecks,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			return s.state(cmd, dryRun, func(d *developer, o *readiness.Options) error {
				a.Check, a.On = args[0], d.asOf
				if a.Check == authRoutes {
					a.Routes = o.Routes // the word holds for the list that was looked at
					if a.Routes == "" {
						return exit.Errorf(exit.Usage, "there is no route list to attest; name it first with ngapi profile set routes.file=%s", routesFile)
					}
				}
				o.Attestations = append(slices.Clone(o.Attestations), a)
				return nil
			}, func(doc *store.Doc) error { return doc.AddAttestation(a) })
		}),
	}
	cmd.Flags().StringVar(&a.Subject, "subject", "", "only this `SUBJECT`")
	cmd.Flags().StringVar(&a.Statement, "statement", "", "what was found (`TEXT`, at least 20 characters)")
	cmd.Flags().StringVar(&a.By, "by", "", "`WHO` attests")
	cmd.Flags().StringVar(&a.Expires, "expires", "", "last `DAY` on which it counts")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would change, write nothing")
	return cmd
}

// completeChecks offers the ids of the checks.
func completeChecks(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	e, err := rulebook.Load("")
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for i := range e.Checks {
		out = append(out, e.Checks[i].ID+"\t"+e.Checks[i].Title)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
