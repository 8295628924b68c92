package report

import "fmt"

// Setting is one user setting with its origin.
type Setting struct {
	Key    string `json:"key"`
	Value  any    `json:"value"` // text or bool
	Origin string `json:"origin"`
}

// Settings is the document ngapi.config/v1.
type Settings struct {
	Schema   string    `json:"schema"`
	Tool     Tool      `json:"tool"`
	Settings []Setting `json:"settings"`
}

// SettingsText renders the settings with their origins.
func SettingsText(s Style, d Settings) []byte {
	t := &text{s: s}
	for _, v := range d.Settings {
		value := fmt.Sprint(v.Value)
		if value == "" {
			value = "-"
		}
		t.line("", "%-12s %-20s (%s)", v.Key, clean(value), clean(v.Origin))
	}
	return t.bytes()
}

// SettingsPaths is the document ngapi.config-path/v1.
type SettingsPaths struct {
	Schema     string `json:"schema"`
	ConfigDir  string `json:"configDir"`
	ConfigFile string `json:"configFile"`
	StateDir   string `json:"stateDir"`
}

// SettingsPathsText renders the places of a user's files.
func SettingsPathsText(s Style, d SettingsPaths) []byte {
	t := &text{s: s}
	for _, row := range [][2]string{{"settings", d.ConfigFile}, {"state", d.StateDir}} {
		place := row[1]
		if place == "" {
			place = "unknown: set HOME or the variable that ngapi help environment names"
		}
		t.line("", "%-9s %s", row[0], clean(place))
	}
	return t.bytes()
}
