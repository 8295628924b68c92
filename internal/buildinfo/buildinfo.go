// Package buildinfo tells which build of ngapi this is: from linker values of
// a release, else from what the Go toolchain recorded.
package buildinfo

import "runtime/debug"

// Set by the linker in release builds (-X); empty otherwise.
var (
	version string
	commit  string
	date    string // date of the commit, not of the build, so that builds repeat
)

// Info describes a build.
type Info struct {
	Version string `json:"version"`          // semantic version without a leading v, or "devel"
	Commit  string `json:"commit,omitempty"` // full commit hash, where known
	Date    string `json:"date,omitempty"`   // commit date, RFC 3339, where known
}

// Read returns the description of the running build.
func Read() Info {
	info := Info{Version: version, Commit: commit, Date: date}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return info.orDevel()
	}
	if info.Version == "" && build.Main.Version != "" && build.Main.Version != "(devel)" {
		info.Version = build.Main.Version[1:]
	}
	for _, s := range build.Settings {
		switch {
		case s.Key == "vcs.revision" && info.Commit == "":
			info.Commit = s.Value
		case s.Key == "vcs.time" && info.Date == "":
			info.Date = s.Value
		}
	}
	return info.orDevel()
}

func (i Info) orDevel() Info {
	if i.Version == "" {
		i.Version = "devel"
	}
	return i
}
