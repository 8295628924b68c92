package infer_test

import (
	"fmt"
	"slices"
	"strings"
)

// A value is what a generated request has in the place of a parameter. It is
// typed where a machine made it: identifiers, numbers, dates, addresses. Names,
// slugs and codes are not.
type value struct {
	text  string
	typed bool
}

const (
	hexDigits = "0123456789abcdef"
	alnum     = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"
	base32    = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	decimals  = "0123456789"
)

func (g *generator) uuid() value {
	return value{fmt.Sprintf("%s-%s-4%s-a%s-%s", g.letters(hexDigits, 8), g.letters(hexDigits, 4), g.letters(hexDigits, 3), g.letters(hexDigits, 3), g.letters(hexDigits, 12)), true}
}

func (g *generator) number(digits int) value {
	return value{g.letters("123456789", 1) + g.letters(decimals, digits-1), true}
}
func (g *generator) sha(n int) value { return value{"3" + g.letters(hexDigits, n-1), true} }
func (g *generator) ulid() value     { return value{"01H" + g.letters(base32, 23), true} }
func (g *generator) date() value {
	return value{fmt.Sprintf("20%02d-%02d-%02d", 10+g.below(15), 1+g.below(12), 1+g.below(28)), true}
}
func (g *generator) email() value { return value{g.name().text + "@example.org", true} }

// prefixed is cus_9s6XKzkNRiz8i3: it always has a digit, as nearly all have.
func (g *generator) prefixed(prefix string) value {
	return value{prefix + "_" + g.letters(alnum, 12) + g.letters(decimals, 1) + g.letters(alnum, 3), true}
}

func (g *generator) name() value {
	return value{pick(g, strings.Fields("grace mark hope faith joy will bill may june april august rose lily smith jordan young baker austin paris chelsea jdoe mona-lisa mwatson")), false}
}

func (g *generator) slug() value {
	return value{pick(g, strings.Fields("acme-clinic blue-harbor hello-world spring-sale my-app web-team octo-tools lakeside-pediatrics site-frontend tiny-router dotfiles summer20 cardiology-east infra")), false}
}

func (g *generator) icd() value {
	return value{pick(g, strings.Fields("E11.9 J45.909 I10 Z00.00 F32.1 250.00 M54.5 R07.9")), false}
}

func enterpriseValue(g *generator, parameter string) value {
	switch {
	case parameter == "pageNumber":
		return g.number(1 + g.below(2))
	case strings.HasSuffix(parameter, "Code"):
		return g.icd()
	case parameter == "codeType":
		return value{pick(g, []string{"SNOMED", "ICD10", "LOINC", "CPT4"}), false}
	}
	return g.mixed()
}

// mixed draws from everything that an identifier may look like; most are what
// the Enterprise API has.
func (g *generator) mixed() value {
	switch n := g.below(20); {
	case n < 11:
		return g.uuid()
	case n < 14:
		return g.number(1 + g.below(8))
	case n < 15:
		return g.prefixed("pt")
	case n < 16:
		return g.ulid()
	case n < 17:
		return g.date()
	case n < 18:
		return g.email()
	case n < 19:
		return g.icd()
	}
	return g.name()
}

func fhirValue(g *generator, parameter string) value {
	if parameter == "vid" {
		return g.number(1 + g.below(2))
	}
	switch g.below(9) {
	case 0:
		return value{"lab-" + g.uuid().text + "-1", true}
	case 1:
		return value{"pdf-" + g.uuid().text, true}
	case 2:
		return value{"e" + g.letters(alnum, 22) + "3", true}
	case 3:
		return value{"a-" + g.letters(decimals, 6) + ".E-" + g.letters(decimals, 5), true}
	case 4:
		return value{"000" + g.letters("123456789", 1), true}
	}
	return g.mixed()
}

func asanaValue(g *generator, parameter string) value {
	if parameter == "user_gid" {
		switch g.below(4) {
		case 0:
			return g.email()
		case 1:
			return value{"me", false}
		}
	}
	return g.number(16)
}

func stripeValue(g *generator, parameter string) value {
	switch parameter {
	case "country":
		return value{pick(g, strings.Fields("us de fr gb jp ca")), false}
	case "capability":
		return value{pick(g, strings.Fields("card_payments transfers ideal_payments link_payments sepa_debit_payments")), false}
	case "report_type":
		return value{pick(g, strings.Fields("balance.summary.1 activity.itemized.3 payouts.itemized.2")), false}
	case "coupon", "promotion_code", "plan", "price":
		return pick(g, []func() value{g.slug, g.name, g.uuid, func() value { return g.prefixed("price") }})()
	}
	return g.prefixed(parameter[:min(3, len(parameter))])
}

func gitHubValue(g *generator, parameter string) value {
	switch {
	case strings.HasSuffix(parameter, "_id"), strings.HasSuffix(parameter, "_number"):
		if parameter == "gist_id" {
			return g.sha(32)
		}
		return g.number(1 + g.below(9))
	case strings.HasSuffix(parameter, "sha"):
		return g.sha(40)
	case slices.Contains(strings.Fields("owner org username assignee target_user template_owner"), parameter):
		return g.name()
	case parameter == "branch", parameter == "ref":
		return value{pick(g, strings.Fields("main develop release-2.1 feature-login default hotfix")), false}
	case parameter == "package_type":
		return value{pick(g, strings.Fields("npm maven nuget docker container")), false}
	}
	return g.slug()
}
