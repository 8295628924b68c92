package report

import (
	"fmt"

	"github.com/apionboard/ngapi/internal/exit"
)

// AuthStatus is the document ngapi.auth-status/v1: what is stored. No server was
// asked for it.
type AuthStatus struct {
	Schema      string             `json:"schema"`
	Tool        Tool               `json:"tool"`
	ExitCode    exit.Code          `json:"exitCode"`
	Credentials []StoredCredential `json:"credentials"`
}

// StoredCredential is one named credential without its secrets.
type StoredCredential struct {
	Name         string `json:"name"`
	Flow         string `json:"flow"`
	Environment  string `json:"environment"`
	ClientID     string `json:"clientId"`
	Site         string `json:"site"` // end of the site id
	EnterpriseID string `json:"enterpriseId"`
	PracticeID   string `json:"practiceId"`
	AuthMethod   string `json:"authMethod"`
	Secret       string `json:"secret"` // where it lies, or why it cannot be had
	Token        string `json:"token"`  // "" for gsa, stored, ended, none, or why it cannot be had
	Ends         string `json:"ends"`   // RFC 3339, "" where the server named no end
	Refresh      bool   `json:"refresh"`
	Usable       bool   `json:"usable"`
	Locked       bool   `json:"-"` // the store cannot be used; signing in again would not mend it
}

// AuthStatusText renders what is stored for people.
func AuthStatusText(s Style, d AuthStatus) []byte {
	t := &text{s: s}
	if len(d.Credentials) == 0 {
		t.line("", "No credential is stored.")
		t.command("next: ", "ngapi auth login NAME")
		return t.bytes()
	}
	for i, c := range d.Credentials {
		if i > 0 {
			t.blank()
		}
		about := c.Flow
		if c.Environment != "" {
			about += ", " + c.Environment
		}
		look, state := green, "usable"
		if !c.Usable {
			look, state = yellow, "NOT USABLE"
		}
		t.line(look, "%s (%s): %s", clean(c.Name), clean(about), state)
		t.line("", "  client    %s", clean(c.ClientID))
		if c.Site != "" {
			t.line("", "  site      %s", clean(c.Site))
		}
		if c.EnterpriseID != "" {
			t.hangAt(12, "", "  practice  ", fmt.Sprintf("enterprise %s, practice %s", clean(c.EnterpriseID), clean(c.PracticeID)))
		}
		t.hangAt(12, "", "  secret    ", clean(c.Secret))
		if c.Secret == "file" {
			t.hangAt(12, faint, "            ", "plain text in secrets.json, which only you can read")
		}
		if c.Token != "" {
			t.hangAt(12, "", "  token     ", clean(tokenWords(c)))
		}
		switch {
		case c.Usable:
		case c.Locked:
			t.line("", "  next: unlock or start the keyring")
		case c.Flow == "eal": // it begins in the EHR
			t.command("  next: ", "ngapi auth serve-launch "+clean(c.Name))
		default:
			t.command("  next: ", "ngapi auth login "+clean(c.Name))
		}
	}
	t.blank()
	t.line(faint, "No server was asked. Prove one with ngapi auth check NAME.")
	return t.bytes()
}

func tokenWords(c StoredCredential) string {
	out := c.Token
	switch {
	case c.Token == "stored" && c.Ends != "":
		out += ", ends " + c.Ends
	case c.Token == "ended":
		out += " " + c.Ends
	}
	if c.Refresh {
		out += ", with a refresh token"
	}
	return out
}

// AuthLogout is the document ngapi.auth-logout/v1.
type AuthLogout struct {
	Schema     string `json:"schema"`
	Tool       Tool   `json:"tool"`
	Credential string `json:"credential"`
	Revoked    string `json:"revoked"` // what became of the tokens at the server, "" where there were none
}

// AuthLogoutText renders what was removed for people.
func AuthLogoutText(s Style, d AuthLogout) []byte {
	t := &text{s: s}
	t.line("", "Removed %s and what was stored for it.", clean(d.Credential))
	if d.Revoked != "" {
		t.line("", "Tokens: %s.", clean(d.Revoked))
	}
	return t.bytes()
}
