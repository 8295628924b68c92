<?php
class Client {
    function person($id) { return $this->http->get("/persons/$id"); } //~ GET /persons/{}
    function chart($id) { return $this->http->get("{$this->base}/persons/{$id}/chart"); } //~ GET /persons/{}/chart
    function alerts($id) { return Http::get($this->base . '/persons/' . $id . '/alerts'); } //~ GET /persons/{}/alerts
    function book($data) { return $this->client->request('POST', 'appointments/availability', ['json' => $data]); } //~ POST /appointments/availability
    function url($id) { return sprintf('%s/persons/%s/insurances', $this->base, $id); } //~ ? /persons/{}/insurances
    function patient($id) { curl_setopt($c, CURLOPT_URL, FHIR_BASE . '/Patient/' . $id); } //~ ? /Patient/{}
    function everything($id) { return $this->get("/Patient/{$id}/\$everything"); } //~ GET /Patient/{}/$everything
    // $this->get('/persons/commented');
}
Route::get('/persons/{id}', [Own::class, 'show']);
include '/resources/views/persons.php';
