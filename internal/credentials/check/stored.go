package check

import (
	"context"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
)

// fromStore uses the stored token, or renews it where it has ended.
func (r *run) fromStore(ctx context.Context) *flow.Token {
	s := r.in.Stored
	r.stored = s
	ended := s.Access.Empty() || (!s.Expiry.IsZero() && !s.Expiry.After(r.in.Flow.Now().Add(time.Minute)))
	if !ended {
		r.add("tok.accepted", Pass, "a stored token is at hand; the read shows whether it still works", stored(s))
		return &flow.Token{Access: s.Access, Type: s.Type, Scope: s.Scope, HasScope: s.HasScope, Expiry: s.Expiry, Patient: s.Patient}
	}
	if s.Refresh.Empty() || r.in.Vault == nil {
		r.add("tok.accepted", Fail, "the stored token has ended and cannot be renewed", SignInNeeded, hint(r.howToSignIn()))
		return nil
	}
	return r.renew(ctx)
}

func stored(s *Stored) []string {
	if s.Expiry.IsZero() {
		return []string{"the server named no end for it"}
	}
	return []string{"ends " + s.Expiry.UTC().Format(time.RFC3339)}
}

// renew gets a new token with the refresh token, under the lock of the
// credential: another process may have done so meanwhile.
func (r *run) renew(ctx context.Context) *flow.Token {
	var tok *flow.Token
	before := r.stored.Access // the one that has ended or was refused
	err := r.in.Vault.Renew(ctx, func(now Stored) (*Stored, error) {
		if !now.Access.Empty() && !now.Access.Equal(before) && (now.Expiry.IsZero() || now.Expiry.After(r.in.Flow.Now().Add(time.Minute))) {
			r.stored = &now
			tok = &flow.Token{Access: now.Access, Type: now.Type, Scope: now.Scope, HasScope: now.HasScope, Expiry: now.Expiry, Patient: now.Patient}
			return nil, nil //nolint:nilnil // nothing to store: another process has renewed it
		}
		r.asked = true
		fresh, err := r.in.Flow.Refresh(ctx, r.cfg, now.Refresh)
		if err != nil {
			return nil, err
		}
		tok = fresh
		next := Keep(fresh, &now)
		tok.Patient = next.Patient // the read is of the same patient, whom the answer need not name again
		r.stored = &next
		return &next, nil
	})
	switch {
	case err != nil && tok == nil:
		r.refused(ctx, err, true)
		return nil
	case err != nil:
		r.add("store.keyring", Warn, "the renewed token could not be stored: "+words(err), hint("sign in again if the next run finds no token"))
	}
	if tok.Answer == nil {
		r.add("tok.accepted", Pass, "another process has just renewed the token")
		return tok
	}
	return r.judge(tok)
}

// Secrets lists what may never be printed of a token. The id of the patient is
// among it where it is long enough to be told from other numbers; a shorter one
// is kept out of every text by not being put there.
func Secrets(t *flow.Token) []secret.Value {
	out := []secret.Value{t.Access, t.Refresh, t.ID}
	for _, id := range []string{t.Patient, t.Encounter} {
		if len(id) >= longID {
			out = append(out, secret.New(id))
		}
	}
	return out
}

// longID is the length from which the id of a person is searched for in texts.
const longID = 8

// Keep makes the tokens to store of an answer; what the server did not repeat
// stays as it was (RFC 6749 6).
func Keep(t *flow.Token, before *Stored) Stored {
	s := Stored{Access: t.Access, Refresh: t.Refresh, Type: t.Type, Scope: t.Scope, HasScope: t.HasScope, Expiry: t.Expiry, Patient: t.Patient}
	if before != nil {
		if s.Refresh.Empty() {
			s.Refresh = before.Refresh
		}
		if s.Patient == "" {
			s.Patient = before.Patient
		}
		if !s.HasScope {
			s.Scope, s.HasScope = before.Scope, before.HasScope
		}
	}
	return s
}
