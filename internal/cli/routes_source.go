package cli

import (
	"context"

	"github.com/apionboard/ngapi/internal/exit"
)

// queryEngines are the log stores for which there is a query.
func queryEngines() []string { return []string{"athena", "bigquery", "clickhouse", "duckdb"} }

func (s *session) printQuery(importFlags, []string) error { return exit.Errorf(exit.Fault, "later") }

func (s *session) crossCheck(context.Context, importFlags, []string) error {
	return exit.Errorf(exit.Fault, "later")
}
