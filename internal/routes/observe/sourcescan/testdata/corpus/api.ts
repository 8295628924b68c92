import { something } from './persons/list';
import axios from 'axios';
const helper = require('../appointments/helper');

const API_BASE = process.env.API_BASE;
const fhir = `https://fhir.nextgen.com/nge/prod/fhir-api-r4/fhir/r4`;

export async function person(id: string) {
  return axios.get<Person>(`${API_BASE}/persons/${id}`); //~ GET /persons/{}
}

export async function chart(personId: string, encounterId: string) {
  const r = await fetch(`${API_BASE}/persons/${encodeURIComponent(personId)}/chart/encounters/${encounterId}/diagnoses`); //~ ? /persons/{}/chart/encounters/{}/diagnoses
  return r.json();
}

export const search = (name: string) => api.get('/persons/lookup?searchText=' + encodeURIComponent(name)); //~ GET /persons/lookup

export function book(body: Booking) {
  return axios.post(API_BASE + '/appointments', body); //~ POST /appointments
}

export function availability(body: unknown) {
  return axios({
    method: 'POST',
    url: '/appointments/availability', //~ POST /appointments/availability
    data: body,
  });
}

export function reschedule(id: string, body: unknown) {
  return request({ method: 'PUT', url: `/appointments/${id}/reschedule`, data: body }); //~ PUT /appointments/{}/reschedule
}

export function insurance(id: string) {
  return http.get(['/persons', id, 'insurances'].join('/')); //~ GET /persons/{}/insurances
}

const endpoints = {
  providers: '/master/providers', //~ ? /master/providers
  locations: "/master/locations", //~ ? /master/locations
  patient: (id: string) => `/Patient/${id}`, //~ ? /Patient/{}
  everything: (id: string) => `${fhir}/Patient/${id}/$everything`, //~ ? /Patient/{}/$everything
};

export function conditions(id: string) {
  return fhirClient.get(`Condition?patient=${id}&category=${category ?? 'problem-list-item'}`); //~ GET /Condition
}

export function allergies(id: string) {
  return this.http.get<Bundle>(`${this.base}/AllergyIntolerance?patient=${id}`); //~ GET /AllergyIntolerance
}

export function remove(id: string) {
  return axios.delete(
    `${API_BASE}/persons/${id}/chart/favorites`, //~ DELETE /persons/{}/chart/favorites
  );
}

export function medications(id: string) {
  const url = API_BASE + '/persons/' + id + '/chart/medications'; //~ ? /persons/{}/chart/medications
  return fetch(url, { method: 'GET' });
}

export const update = (id: string, b: B) => fetch(`${API_BASE}/persons/${id}`, { method: 'PUT', body: JSON.stringify(b) }); //~ PUT /persons/{}

// A server's own routes and other texts are no calls.
app.get('/persons/:id', handler);
router.post("/appointments", handler);
const ref = { subject: { reference: `Patient/${id}` } };
const text = 'He said "/persons" is a path';
const css = '/persons/style.css';
const re = /["'`]/g;
const after = '/users/profile';
const icon = "/resources/icons/logo.svg";
