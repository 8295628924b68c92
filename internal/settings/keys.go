package settings

import (
	"slices"
	"strings"
)

// The names of the settings: keys of the settings file and of Options.Flags.
const (
	KeyProfile    = "profile"
	KeyOutput     = "output"
	KeyColor      = "color"
	KeyAccessible = "accessible"
	KeyNoInput    = "no-input"
	KeyRulebook   = "rulebook"
	KeyDebug      = "debug"
)

// Key describes one setting for help texts.
type Key struct {
	Name    string   // in the settings file and, with two dashes, as a flag
	Env     string   // variable
	Bool    bool     // true or false; otherwise text
	Choices []string // the only values, where there are any
	Default string
	Help    string
}

// Keys lists every setting in the order in which it is shown.
func Keys() []Key {
	list := []Key{
		{Name: KeyProfile, Help: "the profile; without it the nearest ngapi.yaml upward"},
		{Name: KeyOutput, Default: "text", Help: "output format, optionally =FILE"},
		{Name: KeyColor, Default: "auto", Choices: []string{"auto", "always", "never"}, Help: "when to use colour"},
		{Name: KeyAccessible, Bool: true, Default: "false", Help: "plain questions, line by line, for screen readers"},
		{Name: KeyNoInput, Bool: true, Default: "false", Help: "never ask anything"},
		{Name: KeyRulebook, Help: "edition or file of the rulebook; without it the current edition"},
		{Name: KeyDebug, Bool: true, Default: "false", Help: "say on standard error what is read and written"},
	}
	for i := range list {
		list[i].Env = "NGAPI_" + strings.ToUpper(strings.ReplaceAll(list[i].Name, "-", "_"))
	}
	return list
}

func names() []string {
	var out []string
	for _, k := range Keys() {
		out = append(out, k.Name)
	}
	return out
}

// check returns the value in its canonical form, or what to write instead.
func (k Key) check(text string) (value, do string) {
	switch {
	case k.Bool:
		switch strings.ToLower(text) {
		case "true", "1", "yes", "on":
			return "true", ""
		case "false", "0", "no", "off":
			return "false", ""
		}
		return "", "write true or false"
	case k.Choices != nil && !slices.Contains(k.Choices, text):
		return "", "choose one of " + strings.Join(k.Choices, ", ")
	case strings.TrimSpace(text) == "":
		return "", "give it a value or leave it out"
	}
	return text, ""
}
