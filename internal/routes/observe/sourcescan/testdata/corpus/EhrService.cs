using System.Net.Http;

public class EhrService
{
    private const string Persons = "/persons"; //~ ? /persons

    public Task<Person> Get(string id) => _http.GetFromJsonAsync<Person>($"{_base}/persons/{id}"); //~ GET /persons/{}

    public Task Book(Appointment a) => _http.PostAsJsonAsync("appointments/", a); //~ POST /appointments

    public Task Charges(Guid id) => _http.GetAsync(string.Format("{0}/persons/{1}/charges", _base, id)); //~ GET /persons/{}/charges

    public Task Cancel(Guid id) => _http.DeleteAsync(_base + "/appointments/" + id.ToString()); //~ DELETE /appointments/{}

    public HttpRequestMessage Put(Guid id) => new HttpRequestMessage(HttpMethod.Put, $"/persons/{id:D}/chart/allergies"); //~ PUT /persons/{}/chart/allergies

    public RestRequest Rest(string id)
    {
        var request = new RestRequest("/persons/{personId}/chart/lab/orders", Method.Get); //~ GET /persons/{}/chart/lab/orders
        var verbatim = @"C:\persons\list";
        return request;
    }

    [Get("/master/locations")] //~ GET /master/locations
    Task<Location[]> Locations();

    [HttpGet("/persons/{id}")]
    public IActionResult Own(string id) => Ok("/persons is served here".Length);

    public string Builder(string id) => new UriBuilder(_base) { Path = Path.Combine("persons", id, "chart") }.ToString(); //~ ? /persons/{}/chart
}
