// Command session writes a capture of a made-up application at work with a
// practice on loopback, as HAR on standard output: the input of the walk in
// docs/routes.md.
//
//	go run ./.ci/demo/session > session.har
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/apionboard/ngapi/internal/testkit/ehr"
)

func main() {
	if err := write(); err != nil {
		fmt.Fprintln(os.Stderr, "session:", err)
		os.Exit(1)
	}
}

func write() error {
	practice := httptest.NewServer(ehr.Handler())
	defer practice.Close()
	recorder, err := ehr.NewRecorder(practice.URL)
	if err != nil {
		return err
	}
	if _, err := ehr.Session(context.Background(), &http.Client{Transport: recorder}, ehr.Published()); err != nil {
		return err
	}
	har, err := recorder.HAR()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(har)
	return err
}
