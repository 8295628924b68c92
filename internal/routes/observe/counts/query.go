package counts

import (
	"embed"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
)

//go:embed queries/*.sql
var queries embed.FS

// Engines returns the log stores for which there is a query, sorted.
func Engines() []string { return []string{"athena", "bigquery", "clickhouse", "duckdb"} }

// Query returns a query that counts the requests of an access log in the form
// that this package reads: SQL text with comments that say which columns are
// assumed, and names in capitals that begin with YOUR_ where something has to
// be filled in. It keeps the names of query parameters and drops their values.
// The error is an *exit.Error with exit.Usage for an engine that is not one of
// Engines.
func Query(engine string) (string, error) {
	for _, known := range Engines() {
		if known == engine {
			text, err := queries.ReadFile("queries/" + known + ".sql")
			return string(text), err
		}
	}
	return "", exit.Errorf(exit.Usage, "there is no query for this log store; use %s", strings.Join(Engines(), ", "))
}
