package store

import (
	"bytes"
	"context"
	"io/fs"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// EditRoutes changes a route list as Edit changes a profile: lock, read anew,
// change, write as a whole. The notices are those of route.Read.
func EditRoutes(ctx context.Context, path string, o Options, change func(*route.List) error) (Change, []string, error) {
	var notices []string
	o.max = route.MaxBytes
	c, err := locked(ctx, path, o, func(before []byte) ([]byte, error) {
		if before == nil && !o.Create {
			return nil, fileError(exit.Usage, path, "there is no such route list", "make one with ngapi routes add METHOD PATH", fs.ErrNotExist)
		}
		list := &route.List{}
		if len(bytes.TrimSpace(before)) > 0 {
			var err error
			if list, notices, err = route.Read(bytes.NewReader(before), path); err != nil {
				return nil, err
			}
		}
		if err := change(list); err != nil {
			return nil, err
		}
		var out bytes.Buffer
		if err := route.Write(&out, list); err != nil {
			return nil, exit.Errorf(exit.Fault, "the route list cannot be written: %w", err)
		}
		return out.Bytes(), nil
	})
	return c, notices, err
}
