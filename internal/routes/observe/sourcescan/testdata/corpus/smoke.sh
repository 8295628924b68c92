#!/bin/bash
# curl "$BASE/persons/commented"
BASE=https://nativeapi.nextgen.com/nge/prod/nge-api/api
curl -s "$BASE/persons/$ID" #~ GET /persons/{}
curl -X PUT -H "Authorization: Bearer $TOKEN" "$BASE/users/me/login-defaults" -d '{"enterpriseId":"00001"}' #~ PUT /users/me/login-defaults
curl --request POST --url https://nativeapi.nextgen.com/nge/prod/nge-api/api/appointments --data @body.json #~ POST /appointments
curl -d @body.json ${BASE}/appointments/availability #~ POST /appointments/availability
curl "${ARGS[@]}" "$FHIR/Patient/$ID" #~ GET /Patient/{}
curl $OPTIONS $FHIR/Condition?patient=$ID #~ ? /Condition
curl -s \
  -H "X-NG-SessionId: $SESSION" \
  "$BASE/master/practices" #~ GET /master/practices
http PUT "$BASE/persons/$ID" name=x #~ PUT /persons/{}
URL="$BASE/persons/$ID/chart" #~ ? /persons/{}/chart
cp /resources/a.txt /path/to/users && cat "/persons.txt"
