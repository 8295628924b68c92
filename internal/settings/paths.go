package settings

import (
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
)

// Paths tells where ngapi keeps the files of a user. A place that cannot be
// found out is empty: HOME may be unset, and that must not stop a command that
// needs none.
type Paths struct {
	ConfigDir  string `json:"configDir"`
	ConfigFile string `json:"configFile"`
	State      string `json:"stateDir"`
}

// Locate finds the places for an operating system (a GOOS value) from the
// environment. It touches no file.
func Locate(env func(string) string, goos string) Paths {
	p := place{env: env, windows: goos == "windows"}
	var out Paths
	switch home := p.home(); {
	case p.env("NGAPI_CONFIG_DIR") != "":
		out.ConfigDir = p.env("NGAPI_CONFIG_DIR")
	case p.absolute("XDG_CONFIG_HOME") != "":
		out.ConfigDir = p.join(p.absolute("XDG_CONFIG_HOME"), "ngapi")
	case p.windows && p.env("AppData") != "":
		out.ConfigDir = p.join(p.env("AppData"), "ngapi")
	case home != "":
		out.ConfigDir = p.join(home, ".config", "ngapi")
	}
	switch home := p.home(); {
	case p.absolute("XDG_STATE_HOME") != "":
		out.State = p.join(p.absolute("XDG_STATE_HOME"), "ngapi")
	case p.windows && p.env("LocalAppData") != "":
		out.State = p.join(p.env("LocalAppData"), "ngapi")
	case home != "":
		out.State = p.join(home, ".local", "state", "ngapi")
	}
	if out.ConfigDir != "" {
		out.ConfigFile = p.join(out.ConfigDir, "config.yaml")
	}
	return out
}

// StateDir returns the folder for checkpoints, or an error that says which
// variable to set. It does not make the folder.
func (p Paths) StateDir() (string, error) {
	if p.State == "" {
		return "", noPlace("checkpoints", "set HOME or XDG_STATE_HOME")
	}
	return p.State, nil
}

// SettingsFile returns the path of config.yaml, or an error that says which
// variable to set. The file need not exist.
func (p Paths) SettingsFile() (string, error) {
	if p.ConfigFile == "" {
		return "", noPlace("the settings file", "set HOME, XDG_CONFIG_HOME or NGAPI_CONFIG_DIR")
	}
	return p.ConfigFile, nil
}

func noPlace(what, do string) error {
	return exit.Problems(exit.Usage, []exit.Problem{{What: "there is no folder for " + what + ", because HOME is not set", Do: do}})
}

// place joins paths as the asked operating system does, whatever runs the test.
type place struct {
	env     func(string) string
	windows bool
}

func (p place) home() string {
	if p.windows {
		return p.env("USERPROFILE")
	}
	return p.absolute("HOME")
}

// absolute returns a variable that holds an absolute path. The XDG
// specification asks to ignore a relative one.
func (p place) absolute(name string) string {
	v := p.env(name)
	drive := p.windows && (strings.HasPrefix(v, `\\`) || (len(v) > 2 && v[1] == ':' && strings.ContainsRune(`\/`, rune(v[2]))))
	if drive || (!p.windows && strings.HasPrefix(v, "/")) {
		return v
	}
	return ""
}

func (p place) join(first string, more ...string) string {
	sep := "/"
	if p.windows {
		sep = `\`
	}
	return strings.TrimRight(first, sep) + sep + strings.Join(more, sep)
}
