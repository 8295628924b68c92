package secret

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/zalando/go-keyring"
)

// errNoBus says that there is nothing through which a keyring could be asked.
var errNoBus = errors.New("no D-Bus session bus is running")

// system is the keyring of go-keyring, where there is one to be asked.
type system struct {
	env func(string) string
}

// Get reads an entry.
func (s system) Get(service, user string) (string, error) {
	if !s.reachable(runtime.GOOS) {
		return "", errNoBus
	}
	return keyring.Get(service, user)
}

// Set writes an entry.
func (s system) Set(service, user, password string) error {
	if !s.reachable(runtime.GOOS) {
		return errNoBus
	}
	return keyring.Set(service, user, password)
}

// Delete removes an entry.
func (s system) Delete(service, user string) error {
	if !s.reachable(runtime.GOOS) {
		return errNoBus
	}
	return keyring.Delete(service, user)
}

// reachable tells whether a session bus can be found. Where the keyring is the
// Secret Service, go-keyring starts dbus-launch if there is none: a new bus, on
// which no unlocked keyring can be, and which stays after the run. It looks in
// the places below (godbus, tryDiscoverDbusSessionBusAddress).
func (s system) reachable(goos string) bool {
	if goos == "windows" || goos == "darwin" || s.env == nil {
		return true
	}
	if a := s.env("DBUS_SESSION_BUS_ADDRESS"); a != "" && a != "autolaunch:" {
		return true
	}
	run := "/run/user/" + strconv.Itoa(os.Getuid())
	for _, name := range []string{"bus", "dbus-session"} {
		if _, err := os.Stat(filepath.Join(run, name)); err == nil {
			return true
		}
	}
	return false
}
