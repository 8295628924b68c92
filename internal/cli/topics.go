package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
)

// topics are help pages without an action: ngapi help TOPIC.
func topics() []*cobra.Command {
	topic := func(use, short, text string) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Long: strings.TrimSpace(text)}
	}
	return []*cobra.Command{
		topic("exit-codes", "What each exit code means", exitCodes()),
		topic("environment", "Environment variables and files", environment),
		topic("accessibility", "Screen readers, simple terminals, no colour", accessibility),
		topic("privacy", "What is stored where, and what is never stored", privacy),
		topic("formats", "Output formats and their schemas", formats),
	}
}

func exitCodes() string {
	var b strings.Builder
	b.WriteString("Every command uses this one table; no format and no flag changes what a code\nmeans.\n\n")
	for _, row := range exit.Table() {
		fmt.Fprintf(&b, "  %-4d %-15s %s\n", row.Code, row.Name, row.Meaning)
	}
	b.WriteString("\nAt the gate, 3 wins over 5, 5 over 7, 7 over 0. --exit-zero of check-beta turns 3,\n5 and 7 into 0, never 1 or 2; the report keeps the real code.\n")
	return b.String()
}

const environment = `
Precedence: flag, NGAPI_* variable, user settings, default.

  NGAPI_PROFILE      the profile in use, like --profile
  NGAPI_OUTPUT       the usual output format, like --output
  NGAPI_COLOR        auto, always or never, like --color
  NGAPI_ACCESSIBLE   true: ask in plain lines, like --accessible
  NGAPI_NO_INPUT     true: never ask, like --no-input
  NGAPI_RULEBOOK     rulebook edition, file or folder, like --rulebook
  NGAPI_DEBUG        true: say what is read and written, like --debug
  NGAPI_CONFIG_DIR   folder of the user settings (config.yaml)

For ngapi auth, each flag that says what a credential is has a variable of its
name: NGAPI_FLOW, NGAPI_CLIENT_ID, NGAPI_SITE_ID, NGAPI_TOKEN_URL and so on. A
client secret is read from NGAPI_CLIENT_SECRET; there is no flag for it.

Also honoured: NO_COLOR, CLICOLOR_FORCE, TERM, ACCESSIBLE, CI (nothing is asked),
LC_ALL, LC_CTYPE, LANG (plain ASCII without UTF-8), XDG_CONFIG_HOME,
XDG_STATE_HOME, for the network HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and for the
sign-in BROWSER. A rulebook is taken for a file or folder if its name has a dot
or a slash in it.

User settings are read from $NGAPI_CONFIG_DIR, else $XDG_CONFIG_HOME/ngapi, else
~/.config/ngapi (also on macOS), else %AppData%\ngapi. Unfinished onboarding runs
are kept in $XDG_STATE_HOME/ngapi, else ~/.local/state/ngapi. ngapi config path
prints them.`

const accessibility = `
With --accessible, with ACCESSIBLE set (not 0 or false), on TERM=dumb and in
windows smaller than 30 columns by 8 rows, questions are asked in plain lines
that a screen reader can follow: nothing is redrawn and every choice has a
number. There, ? repeats the help, < goes back, q saves and quits.

Colour is off with NO_COLOR, --color never and where output is no terminal.
Meaning never hangs on colour alone. On Windows use Windows Terminal, or plain
lines. Decisions are printed to the normal screen and stay in its history.`

const privacy = `
ngapi has no telemetry. Two commands use the network, and only because they are
about the network: routes record passes calls on to the upstream that you name,
and ngapi auth (check, login, serve-launch, logout) asks the servers that the
credential or their discovery documents name, and no others; onboard does so too
where you let it run the check. auth status, auth check --offline and check-beta
send nothing.

  ngapi.yaml            answers, milestones, waivers, attestations, and names and
                        digests of evidence; commit it beside the application.
                        Never a secret, and no file that looks like one is taken
                        as evidence.
  routes.csv            methods and path templates. A path that holds what looks
                        like a person's id is refused, the value never repeated.
  routes-review.yaml    path words and parameters that you approved. Commit it.
  nextgen-catalog.json  what you imported from the vendor's grid.
  checkpoints           answers of an unfinished onboarding run, in the state
                        folder, readable by you alone; removed when it is done.
  config.yaml           user settings. Never a secret.
  credentials.yaml      beside it: names of credentials with flow, client id, site
                        id and addresses, and where the secret lies. No secret.
  keyring               client secrets and tokens (service "ngapi"), for auth login.
  secrets.json          the same in plain text, in a file that only you can read,
                        and only after auth login --store file.
  .tokens.lock          an empty file beside it, while a token is renewed.
  auth check reports    verdict, checks, addresses, request ids; of client and site
                        id the last four characters. Made to be kept as evidence.

Secrets, tokens, codes, verifiers, assertions, the id of a patient who signed in
and passwords of a proxy are never printed, traced, reported or written anywhere
but to the store: everything that an auth command prints passes a filter that
knows them in their plain, form-encoded, percent-encoded, base64, hex and escaped
forms. The one exception is the address of a sign-in, which you have to open.

What is guaranteed of evidence (captures, logs, collections), and tested for
every kind of input and every form of output, --debug and failures included:

  G1  Every literal word of a printed path is from the route catalogue, the FHIR
      grammar, an imported description, the shipped vocabulary of API words, or
      your own approvals. Any other word is printed as a mask: {?1}.
  G2  Two captures that differ only in ids, values, headers and bodies give the
      same bytes.
  G3  No value of a path, a query, a header, a cookie or a body comes out, also
      not in an error.
  G4  Bodies and header values are skipped as bytes and never decoded. No copy
      of a capture is written, no temporary file.
  G5  No network but the upstream of routes record; no telemetry.
  G6  The recorder listens on this machine only and keeps counters, no messages.

Not guaranteed: a word that you approve is printed as approved; a description
that somebody wrote with a name as a path word vouches for that name; a
user-chosen name that equals a word of the API looks like that word. Hosts to
which other requests went are named on the screen.

Text from files is never printed raw: control characters and terminal escapes are
shown as escapes, and spreadsheet formulas are neutralised in every export.`

const formats = `
  text       for people; laid out for the terminal, plain in a pipe
  json       one document on stdout with a schema name, two-space indent, empty
             lists as []; failures are one document on stderr (ngapi.error/v1)
  csv        route lists (routes list, routes export)
  xlsx       the route list as a workbook for the reviewer (routes export)
  markdown   route lists (routes list, routes export)
  junit      JUnit XML for CI (auth check, auth login)

-o FORMAT=FILE writes to a file; it may be given several times, but only one
format goes to stdout. The same input and the same --as-of give the same bytes.

Schemas, each in its version 1 (ngapi.plan/v1 and so on): plan, explain, whatif,
onboard, check, check-set, programs, docs, rulebook, rulebook-diff, questions,
routes, routes-change, routes-import, routes-export, routes-query, routes-source,
route, scope, scopes, drift, catalog, catalog-search, catalog-route,
catalog-import, auth, auth-status, auth-logout, evidence, profile-show, edit,
validate, path, config, config-path, version, error. Readers
should ignore keys that they do not know.`
