package store

import (
	"fmt"
	"os"
	"testing"
)

func TestScratch(t *testing.T) {
	src, _ := os.ReadFile("/tmp/ex.yaml")
	for _, in := range [][]byte{nil, src, Template()} {
		after, err := edited("ngapi.yaml", in, func(d *Doc) error {
			for k, v := range map[string]string{"organization.type": "client", "app.auth": "gsa,eal", "organization.terms_executed": "2026-10-09", "form.reply": "2026-10-08", "ga.approved": "2026-11-23", "app.min_nge_version": "5.10"} {
				_ = k
				_ = v
			}
			for _, p := range [][2]string{{"organization.type", "client"}, {"app.auth", "gsa,eal"}, {"form.reply", "2026-10-08"}, {"ga.approved", "2026-11-23"}, {"app.min_nge_version", "5.10"}} {
				if err := d.Set(trait_(p[0]), p[1]); err != nil {
					return err
				}
			}
			if err := d.AddClient("Client B"); err != nil {
				return err
			}
			return d.SetClient("Client B", "client.signoff", "2026-11-22")
		})
		fmt.Println(string(diff("ngapi.yaml", in, after)), err)
	}
}
