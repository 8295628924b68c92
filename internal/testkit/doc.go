// Package testkit holds what the tests of several packages share: golden
// files behind one -update flag, an HTTP transport that reaches nothing but
// this machine, and scripts that run the real program. Only tests import it.
//
// # Golden files
//
//	testkit.Golden(t, "plan.json", got)
//
// compares got with testdata/golden/plan.json of the package under test. After
// an intended change, rewrite the files and read the difference before you
// commit it:
//
//	go test ./internal/report -update
//
// # Scripts
//
// A script is a txtar file: commands first, then the files that they find in
// their working directory. The program runs as a process of its own, built
// from the test binary, so TestMain has to hand over its entry:
//
//	func TestMain(m *testing.M) { testkit.Main(m, run) } // func run() int
//
//	func TestScripts(t *testing.T) { testkit.RunScripts(t, "testdata/script") }
//
// run is what main does short of ending the process: it returns the exit code.
// In a script the program goes by the name ngapi:
//
//	exitcode 5 ngapi plan -o json
//	json stdout decisions[id=program].status undecided
//	json stdout next.# 0
//	! json stdout errors
//	notin . $CANARY
//
// Beside the commands of the testscript library there are
//
//	exitcode N PROGRAM ARG...   runs a program and asserts its exit code, exactly
//	json FILE                   asserts that FILE is one JSON document
//	json FILE PATH [VALUE]      asserts that PATH exists, and that it is VALUE
//	! json FILE PATH [VALUE]    asserts that PATH is absent, or is not VALUE
//	notin FILE TEXT             asserts that TEXT is nowhere in FILE, plainly or
//	                            in percent, hexadecimal or base64 encoding; FILE
//	                            may be a directory, then every file below it
//
// FILE may be stdout or stderr. A PATH is made of keys with dots between them;
// name[2] is the third element of an array, name[key=text] the first element
// that has this text under that key, and # the number of elements. A VALUE is
// compared with a string as it is and with everything else as compact JSON
// (true, 3, null, []).
//
// Each script has a home directory of its own, TERM=dumb, no NO_COLOR, no
// NGAPI_ variables, and proxy settings that lead nowhere, so that a request to
// another machine fails at once; loopback addresses are reached directly.
package testkit
