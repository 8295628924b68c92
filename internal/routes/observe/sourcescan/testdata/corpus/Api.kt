package com.example

class Api(private val base: String) {
    suspend fun person(id: String) = client.get("$base/persons/$id") //~ GET /persons/{}
    suspend fun lists(id: String) = client.get("${base}/persons/${id.trim()}/chart/medications") //~ GET /persons/{}/chart/medications
    suspend fun book(a: Appointment) = client.post("$base/appointments") { setBody(a) } //~ POST /appointments
    fun request(id: String) = Request.Builder().url(base + "/persons/" + id + "/balances").build() //~ ? /persons/{}/balances
    fun everything(id: String) = "$base/Patient/$id/\$everything" //~ ? /Patient/{}/$everything

    @PUT("users/me/login-defaults") //~ PUT /users/me/login-defaults
    suspend fun defaults(@Body d: Defaults)

    val doc = """
        GET /persons/{id} is written here only
    """
}
