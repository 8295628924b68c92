package check

import (
	"context"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// shelf is a vault in memory.
type shelf struct {
	now Stored
}

func (s *shelf) Renew(_ context.Context, renew func(Stored) (*Stored, error)) error {
	next, err := renew(s.now)
	if next != nil {
		s.now = *next
	}
	return err
}

// A run that got no token and read nothing is never accepted, whatever else
// passed.
func TestNeverAcceptedByDefault(t *testing.T) {
	p := newPractice()
	in := input(t, p.start(t))
	in.Config.Method, in.Config.Secret = flow.None, secret.Value{}
	if r := prove(t, in); r.Verdict != Misconfigured || r.ExitCode != exit.Usage || r.Requests != 0 || r.Next() == "" {
		t.Errorf("a service account without proof: %s %d after %d requests, %q", r.Verdict, r.ExitCode, r.Requests, r.Next())
	}

	one := run{in: Input{Config: flow.Config{Flow: flow.GSA}}}
	one.add("tok.accepted", Pass, "a token")
	if r := one.conclude(); r.Verdict != CannotTell || r.ExitCode != exit.Remote {
		t.Errorf("a token and no read: %s %d", r.Verdict, r.ExitCode)
	}
	one.add("api.read", Pass, "a read")
	if r := one.conclude(); r.Verdict != Accepted {
		t.Errorf("a token and a read: %s", r.Verdict)
	}
}

// A stored token that can be renewed by nobody asks for a sign-in.
func TestStoredTokenWithoutVault(t *testing.T) {
	for name, change := range map[string]func(*Stored){
		"refused": func(*Stored) {},
		"ended":   func(s *Stored) { s.Expiry = now().Add(-time.Hour) },
	} {
		in := patientInput(t, reply(401, ``))
		in.Stored.Refresh = secret.New("refresh-0123456789")
		change(in.Stored)
		if r := prove(t, in); r.Verdict != SignInNeeded || r.ExitCode != exit.SignIn || r.Next() == "" {
			t.Errorf("%s: %s %d, %q", name, r.Verdict, r.ExitCode, r.Next())
		}
	}
}

// A token that another process stored in between, and that is refused too, is
// renewed: that is the first and only token request.
func TestRenewalAfterAnotherProcess(t *testing.T) {
	in := patientInput(t, reply(401, ``))
	in.Stored.Refresh, in.Stored.Expiry = secret.New("refresh-0123456789"), now().Add(-time.Hour)
	v := &shelf{now: *in.Stored}
	v.now.Access, v.now.Expiry = secret.New("tok-0123456789abcdefg-other"), now().Add(time.Hour)
	in.Vault = v
	r := prove(t, in) // the token endpoint of patientInput refuses every grant
	c := find(r, "tok.accepted")
	if r.Verdict != SignInNeeded || c == nil || c.Summary != "the refresh token is used up, revoked, or was renewed elsewhere" {
		t.Errorf("%s: %+v", r.Verdict, c)
	}
}
