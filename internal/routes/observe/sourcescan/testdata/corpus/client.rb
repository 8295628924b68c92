require 'faraday'

class Client
  BASE = 'https://nativeapi.nextgen.com/nge/prod/nge-api/api'

  def person(id)
    connection.get "/persons/#{id}" #~ GET /persons/{}
  end

  def encounters(id)
    RestClient.get("#{BASE}/persons/#{id}/chart/encounters", headers) #~ GET /persons/{}/chart/encounters
  end

  def book(body)
    connection.post('/appointments', body.to_json) #~ POST /appointments
  end

  def cancel(id)
    connection.delete("/appointments/" + id.to_s) #~ DELETE /appointments/{}
  end

  def recall(id)
    Net::HTTP.get(URI(BASE + "/persons/" + id + "/recalls")) #~ GET /persons/{}/recalls
  end

  def path(id)
    [BASE, 'persons', id].join('/') #~ ? /persons/{}
  end

  # connection.get("/persons/commented")
  def label = "users/admin is a label"
end
