package cli

import (
	"runtime"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/settings"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/terminal"
)

func newConfig(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		GroupID: "other",
		Short:   "Read and change user settings",
		Long:    "Read and change user settings (config.yaml). They hold preferences, never\nanswers and never a secret.",
		Example: "  ngapi config show\n  ngapi config set color never",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "show", Short: "Show every setting and where it comes from", Args: cobra.NoArgs,
			Long:    long("Show every setting with its value and origin: flag, variable, file or default.", exit.OK, exit.Usage),
			Example: "  ngapi config show",
			RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
				result := report.Settings{Schema: "ngapi.config/v1", Tool: s.tool()}
				for _, v := range s.set.List() {
					result.Settings = append(result.Settings, report.Setting(v))
				}
				return s.emit(renderers{"json": doc(result), "text": plain(report.SettingsText(s.style(), result))})
			}),
		},
		&cobra.Command{
			Use: "path", Short: "Print where settings and checkpoints lie", Args: cobra.NoArgs,
			Long:    long("Print the places of the settings file and of unfinished onboarding runs.\nThey need not exist.", exit.OK, exit.Usage),
			Example: "  ngapi config path",
			RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
				result := report.SettingsPaths{
					Schema: "ngapi.config-path/v1", ConfigDir: s.set.Paths.ConfigDir, ConfigFile: s.set.Paths.ConfigFile, StateDir: s.set.Paths.State,
				}
				return s.emit(renderers{"json": doc(result), "text": plain(report.SettingsPathsText(s.style(), result))})
			}),
		},
		newConfigSet(s),
	)
	return cmd
}

func newConfigSet(s *session) *cobra.Command {
	var keys []string
	for _, k := range settings.Keys() {
		keys = append(keys, k.Name+"\t"+k.Help)
	}
	return &cobra.Command{
		Use:               "set KEY [VALUE]",
		Short:             "Change a setting; without a value it is taken away",
		Long:              long("Change a user setting. Without a value the setting is taken away.\nComments and order stay.", exit.OK, exit.Usage),
		Example:           "  ngapi config set color never\n  ngapi config set color",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: cobra.FixedCompletions(keys, cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			// The present settings are not read first: a broken file must be
			// reported by the edit itself, with its line.
			s.running, s.accepted = true, textOrJSON()
			if s.flags.json {
				s.flags.output = append(s.flags.output, "json")
			}
			if _, err := s.targets(); err != nil {
				return err
			}
			path, err := settings.Locate(s.world.Env, runtime.GOOS).SettingsFile()
			if err != nil {
				return err
			}
			value := ""
			if len(args) == 2 {
				value = args[1]
			}
			edit := func(path string, change func([]byte) ([]byte, error)) error {
				_, err := store.EditFile(cmd.Context(), path, store.Options{Create: true, Folder: true, Mode: 0o600}, change)
				return err
			}
			if err := settings.Set(path, args[0], value, edit); err != nil {
				return err
			}
			result := report.Edit{Schema: "ngapi.edit/v1", Tool: s.tool(), Path: path, Written: true}
			return s.emit(renderers{"json": doc(result), "text": plain([]byte("wrote " + terminal.Clean(path) + "\n"))})
		},
	}
}
