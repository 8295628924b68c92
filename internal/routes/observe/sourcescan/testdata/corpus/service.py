"""Client of the API. Paths such as "/persons/{id}" in documentation are none."""
import requests

BASE = "https://nativeapi.nextgen.com/nge/prod/nge-api/api"
FHIR = "https://fhir.nextgen.com/nge/prod/fhir-api/fhir/dstu2/"


class Client:
    """A client.

    GET "/persons/doc" is an example only.
    """

    def person(self, person_id):
        return self.session.get(f"{BASE}/persons/{person_id}")  #~ GET /persons/{}

    def demographics(self, person_id):
        return requests.get(BASE + "/persons/" + str(person_id) + "/chart/demographics")  #~ GET /persons/{}/chart/demographics

    def problems(self, pid):
        url = "%s/persons/%s/chart/problems" % (BASE, pid)  #~ ? /persons/{}/chart/problems
        return self.session.get(url)

    def immunizations(self, pid):
        url = "{}/persons/{}/chart/immunizations".format(BASE, pid)  #~ ? /persons/{}/chart/immunizations
        return self.session.get(url)

    def vitals(self, pid):
        return self._get("/persons/%(id)s/chart/vitals" % {"id": pid})  #~ GET /persons/{}/chart/vitals

    def book(self, data):
        return requests.request("POST", BASE + "/appointments", json=data)  #~ POST /appointments

    def create(self, data):
        return requests.post(
            f"{BASE}/persons",  #~ POST /persons
            json=data,
        )

    def patch(self, pid, data):
        return self.session.patch(url=f'{BASE}/persons/{pid["id"]}', json=data)  #~ PATCH /persons/{}

    def search(self, last):
        return self.session.get(f"{FHIR}Patient", params={"family": last})  #~ GET /Patient

    def observations(self, pid):
        return self.session.get(f"{FHIR}Observation?patient={pid}&category=vital-signs")  #~ GET /Observation

    def everything(self, pid):
        return self.session.get("/".join([FHIR, "Patient", pid, "$everything"]))  #~ GET /Patient/{}/$everything

    def practices(self):
        return self.call(method="get", path="/master/practices")  #~ GET /master/practices

    def delete(self, appointment):
        return self.session.delete(f"{BASE}/appointments/{appointment!s}")  #~ DELETE /appointments/{}

    def token(self):
        return requests.post("https://nativeapi.nextgen.com/nge/prod/nge-oauth/token")


@app.get("/persons/{person_id}")
def own(person_id):
    return open("/resources/data.json"), "it's /persons", {"reference": f"Patient/{person_id}"}
