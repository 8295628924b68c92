package ehr

import (
	"fmt"
	"net/http"
	"net/url"
)

const base = "https://nativeapi.nextgen.com/nge/prod/nge-api/api"

const chartPath = "/persons/%s/chart/allergies" //~ ? /persons/{}/chart/allergies

type client struct{ http *http.Client }

func (c *client) person(id string) (*http.Response, error) {
	return c.http.Get(base + "/persons/" + id) //~ GET /persons/{}
}

func (c *client) appointments(from string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, base+"/appointments?$filter="+url.QueryEscape(from), nil) //~ GET /appointments
	if err != nil {
		return nil, err // "don't panic"
	}
	return c.http.Do(req)
}

func (c *client) medications(id, encounter string) string {
	return fmt.Sprintf("%s/persons/%s/chart/encounters/%s/medications", base, id, encounter) //~ ? /persons/{}/chart/encounters/{}/medications
}

func (c *client) book(body any) error {
	return c.send("POST", "/appointments", body) //~ POST /appointments
}

func (c *client) cancel(id string) error {
	return c.send(http.MethodDelete, `/appointments/`+id, nil) //~ DELETE /appointments/{}
}

func (c *client) defaults() error {
	return c.send("PUT", "/users/me/login-defaults", nil) //~ PUT /users/me/login-defaults
}

func (c *client) practices() error {
	path, err := url.JoinPath(base, "master", "practices") //~ ? /master/practices
	if err != nil {
		return err
	}
	return c.send("GET", path, nil)
}

func (c *client) patient(id string) error {
	u := &url.URL{Scheme: "https", Host: "fhir.nextgen.com", Path: "/nge/prod/fhir-api-r4/fhir/r4/Patient/" + id} //~ ? /Patient/{}
	return c.send("GET", u.String(), nil)
}

func (c *client) labs(id string) error {
	return c.send("GET", fmt.Sprintf("/Observation?patient=%s&category=laboratory", id), nil) //~ GET /Observation
}

func (c *client) send(method, path string, body any) error { return nil }

// Not calls: "/persons/in/a/comment" and the like.
func (c *client) serve(mux *http.ServeMux) {
	mux.HandleFunc("/appointments/today", nil)
	mux.Handle("/static/app.js", nil)
	_ = "http://hl7.org/fhir/StructureDefinition/us-core-race"
	_ = "persons/list.html"
	_ = "Patient"
	_ = map[string]string{"reference": "Patient/" + "x"}
}
