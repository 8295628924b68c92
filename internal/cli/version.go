package cli

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/buildinfo"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
)

func itoa(n int) string      { return strconv.Itoa(n) }
func quoted(s string) string { return strconv.Quote(s) }

// versionLine is the one line of --version: the version and the rulebook.
func versionLine(b buildinfo.Info) string {
	line := "ngapi " + b.Version
	if len(b.Commit) >= 12 {
		line += " (" + b.Commit[:12] + ")"
	}
	return line + ", rulebook " + rulebook.Current
}

func newVersion(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		GroupID: "other",
		Short:   "Print the version and the rulebook edition",
		Long:    long("Print the version, the commit and the current rulebook edition.", exit.OK, exit.Usage),
		Example: "  ngapi version\n  ngapi version -o json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			// It reads no settings, so that a broken configuration can still be
			// reported with its version.
			s.running, s.accepted = true, textOrJSON()
			if s.flags.json {
				s.flags.output = append(s.flags.output, "json")
			}
			info := struct {
				Schema string `json:"schema"`
				buildinfo.Info
				Rulebook string `json:"rulebook"`
			}{"ngapi.version/v1", s.world.Build, rulebook.Current}
			return s.emit(renderers{"json": doc(info), "text": plain([]byte(versionLine(s.world.Build) + "\n"))})
		},
	}
}
