package com.example.ehr;

import java.net.http.HttpRequest;

/** Reads "/persons/javadoc". */
public class EhrClient {
    private static final String PERSON = "/persons/{personId}"; //~ ? /persons/{}
    private static final String ENCOUNTERS = "/persons/{personId}/chart/encounters"; //~ ? /persons/{}/chart/encounters

    Person person(String id) {
        return rest.getForObject(base + "/persons/" + id, Person.class); //~ GET /persons/{}
    }

    Chart chart(String id) {
        return rest.exchange(String.format("%s/persons/%s/chart", base, id), HttpMethod.GET, null, Chart.class).getBody(); //~ GET /persons/{}/chart
    }

    void book(Appointment a) {
        webClient.post().uri("/appointments").bodyValue(a).retrieve(); //~ POST /appointments
    }

    void update(String id, Appointment a) {
        webClient.put()
            .uri("/appointments/{id}", id) //~ PUT /appointments/{}
            .bodyValue(a);
    }

    HttpRequest procedures(String id) {
        return HttpRequest.newBuilder(URI.create(base + "/persons/" + id + "/chart/procedures")).GET().build(); //~ GET /persons/{}/chart/procedures
    }

    HttpRequest documents(String id) {
        HttpPost post = new HttpPost(base + "/persons/" + id + "/chart/documents"); //~ POST /persons/{}/chart/documents
        return null;
    }

    Bundle search(String name) {
        return client.search().byUrl("Patient?name=" + name).execute(); //~ ? /Patient
    }

    Patient read(String id) {
        return client.read().resource(Patient.class).withId(id).execute(); //~ GET /Patient/{}
    }

    interface Retro {
        @GET("persons/{id}/chart/social-history") //~ GET /persons/{}/chart/social-history
        Call<History> history(@Path("id") String id);

        @POST("users/{id}/apps") //~ POST /users/{}/apps
        Call<Void> apps(@Path("id") String id);
    }

    @GetMapping("/master/payers") //~ GET /master/payers
    List<Payer> payers();

    static final String NS = "http://hl7.org/fhir/ValueSet/condition-code";
    static final Reference REF = new Reference("Patient/" + 1);
    static final String DOC = "persons and appointments / more";
}
