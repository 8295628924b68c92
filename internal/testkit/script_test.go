package testkit

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"testing"
)

func TestMain(m *testing.M) { Main(m, stub) }

func TestScripts(t *testing.T) { RunScripts(t, "testdata/script") }

// stub is a program that shows what scripts can see of one.
func stub() int {
	args := append([]string{}, os.Args[1:]...)
	args = append(args, "", "")
	switch args[0] {
	case "exit":
		code, err := strconv.Atoi(args[1])
		if err != nil {
			return 99
		}
		return code
	case "cat":
		if _, err := io.Copy(os.Stdout, os.Stdin); err != nil {
			return 1
		}
	case "say":
		fmt.Println(args[1])
		fmt.Fprintln(os.Stderr, "said it")
	case "unset":
		if _, set := os.LookupEnv(args[1]); set {
			return 3
		}
	case "get":
		resp, err := http.Get(args[1])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 6
		}
		_ = resp.Body.Close()
	}
	return 0
}

func TestFindScripts(t *testing.T) {
	files, err := findScripts("testdata/script")
	if err != nil {
		t.Fatal(err)
	}
	groups := folders("testdata/script", files)
	if len(groups) != 2 || groups[0].name != "script" && groups[1].name != "script" {
		t.Errorf("folders %+v, want script and nested", groups)
	}
	if _, err := findScripts("testdata/nowhere"); err == nil {
		t.Error("a directory that does not exist must be an error")
	}
}
