package address_test

import (
	"testing"

	"github.com/apionboard/ngapi/internal/routes/observe/address"
)

func TestSplit(t *testing.T) {
	for in, want := range map[string][2]string{
		"https://h.example/a?b": {"h.example", "/a?b"}, "http://u:p@h:1?b": {"h:1", "/?b"}, "WSS://h": {"h", "/"}, "http://a@b@c/d@e": {"c", "/d@e"}, "http:///a": {"", "/a"},
	} {
		rest, host, ok := address.Split([]byte(in))
		if !ok || string(host) != want[0] || string(rest) != want[1] {
			t.Errorf("%s: %s %s %v", in, host, rest, ok)
		}
	}
	for _, in := range []string{"", "/a", "/a://b", "h:1", "://a", "x://a", "ht-p://a", "/x?u=http://a", "a.b://c"} {
		if _, _, ok := address.Split([]byte(in)); ok {
			t.Errorf("%s is an absolute address", in)
		}
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]bool{"GET": true, "get": true, "M-SEARCH": true, "": false, "-": false, "G T": false, "GET1": false, "ABCDEFGHIJKLMNOPQRSTU": false, "\x16": false} {
		if address.IsMethod([]byte(in)) != want {
			t.Errorf("method %q: %v", in, !want)
		}
	}
	for in, want := range map[string]bool{"a.b:1": true, "[::1]:80": true, "": false, "-": false, "_": false, "a b": false, "a/b": false, "é": false} {
		if address.IsHost([]byte(in)) != want {
			t.Errorf("host %q: %v", in, !want)
		}
	}
	if got := string(address.Append([]byte("x"), []byte("/a b%20\"\\\x00\x7fé?=&"))); got != "x/a%20b%20%22%5C%00%7F%C3%A9?=&" {
		t.Error(got)
	}
}
