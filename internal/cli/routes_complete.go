package cli

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
)

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// completeRoute completes METHOD and then PATH: from the list for what must
// stand in it, else from the catalogue. It never offers files, asks no network
// and keeps silent about mistakes.
func (s *session) completeRoute(fromList bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		const none = cobra.ShellCompDirectiveNoFileComp
		switch {
		case len(args) == 0:
			return beginning(route.Methods(), strings.ToUpper(begun)), none
		case len(args) > 1:
			return cobra.AppendActiveHelp(nil, "method and path are given"), none
		}
		method := strings.ToUpper(args[0])
		var found []cobra.Completion
		if fromList {
			for _, r := range s.listedForCompletion(cmd) {
				if r.Method == method && strings.HasPrefix(r.Path, begun) {
					found = append(found, cobra.CompletionWithDesc(r.Path, r.FoundAPI()))
				}
			}
			return found, none
		}
		for _, e := range catalog.Enterprise().All() {
			if e.Method == method && strings.HasPrefix(e.Path, begun) {
				found = append(found, cobra.CompletionWithDesc(e.Path, e.Area))
			}
		}
		if method == "GET" {
			found = append(found, fhirPaths(begun)...)
		}
		return found, none
	}
}

// fhirPaths offers the types that carry USCDI v1 data, to read by id.
func fhirPaths(begun string) []cobra.Completion {
	var found []cobra.Completion
	for _, r := range catalog.FHIR().Resources() {
		path := "/" + r.Name + "/{id}"
		if !r.Abstract && (r.V1 == catalog.In || r.V1 == catalog.Conditional) && strings.HasPrefix(path, begun) {
			found = append(found, cobra.CompletionWithDesc(path, "FHIR R4"))
		}
	}
	return found
}

func (s *session) listedForCompletion(cmd *cobra.Command) []route.Route {
	s.accepted, s.flags.quiet = textOrJSON(), true
	if err := s.open(cmd.Flags()); err != nil {
		return nil
	}
	file, err := cmd.Flags().GetString("file")
	if err != nil || file == stdin {
		return nil
	}
	p, err := s.whichList(file)
	if err != nil {
		return nil
	}
	read, err := readRoutes(p.path)
	if err != nil {
		return nil
	}
	return read.list.Routes
}

func beginning(words []string, begun string) []cobra.Completion {
	var found []cobra.Completion
	for _, w := range words {
		if strings.HasPrefix(w, begun) {
			found = append(found, w)
		}
	}
	return found
}

// completeWords offers the choices of a column as the values of a flag.
func completeWords(cmd *cobra.Command, flag string, words []string) {
	must(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)))
}
