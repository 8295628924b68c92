package rulebook

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Truth is one of three values (Kleene).
type Truth int8

// The three truth values.
const (
	No      Truth = -1
	Unknown Truth = 0
	Yes     Truth = 1
)

// String returns yes, no or unknown.
func (t Truth) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "unknown"
	}
}

// Node is an evaluated condition.
type Node struct {
	Op       string // all, any, not, leaf, or always where there is no condition
	Truth    Truth
	Cond     *Cond
	Got      trait.Resolved // of a leaf
	Decided  *Decided       // of a leaf that compares a decision
	Children []*Node
}

// Evaluator evaluates one edition against one set of traits on one day. It is
// not safe for concurrent use.
type Evaluator struct {
	Edition *Edition
	Set     trait.Set
	AsOf    string // YYYY-MM-DD; a milestone after it is not reached yet

	cat     *trait.Catalogue
	decided map[string]*Decided
}

// NewEvaluator returns an evaluator.
func NewEvaluator(e *Edition, s trait.Set, asOf string) *Evaluator {
	return &Evaluator{Edition: e, Set: s, AsOf: asOf, cat: trait.Standard(), decided: map[string]*Decided{}}
}

// Eval evaluates a condition. A nil condition always holds.
func (e *Evaluator) Eval(c *Cond) *Node {
	switch {
	case c == nil:
		return &Node{Op: "always", Truth: Yes}
	case c.Not != nil:
		child := e.Eval(c.Not)
		return &Node{Op: "not", Cond: c, Truth: -child.Truth, Children: []*Node{child}}
	case c.All != nil:
		return e.combine("all", c, c.All)
	case c.Any != nil:
		return e.combine("any", c, c.Any)
	default:
		return e.leaf(c)
	}
}

func (e *Evaluator) combine(op string, c *Cond, list []*Cond) *Node {
	n := &Node{Op: op, Cond: c, Truth: Yes}
	if op == "any" {
		n.Truth = No
	}
	for _, below := range list {
		child := e.Eval(below)
		n.Children = append(n.Children, child)
		if op == "all" {
			n.Truth = min(n.Truth, child.Truth)
		} else {
			n.Truth = max(n.Truth, child.Truth)
		}
	}
	return n
}

func (e *Evaluator) leaf(c *Cond) *Node {
	n := &Node{Op: "leaf", Cond: c}
	if id, ok := strings.CutPrefix(string(c.Trait), "decision."); ok {
		return e.decisionLeaf(n, id)
	}
	n.Got = e.cat.Resolve(e.Set, c.Trait)
	if c.Test == "set" {
		n.Truth = truth(n.Got.Known && !e.future(n.Got))
		return n
	}
	if n.Got.Known {
		n.Truth = truth(c.compare(n.Got.Value))
	}
	return n
}

func (e *Evaluator) decisionLeaf(n *Node, id string) *Node {
	if given, ok := e.Set.Get(n.Cond.Trait); ok { // examples state a decision directly
		n.Got = trait.Resolved{Entry: given, Known: true}
		n.Truth = truth(n.Cond.compare(given.Value))
		return n
	}
	n.Decided = e.Decide(id)
	if n.Decided.Value != "" {
		n.Got = trait.Resolved{Known: true, Entry: trait.Entry{Value: trait.Word(n.Decided.Value), Origin: trait.Origin{Source: trait.FromDerived}}}
		n.Truth = truth(n.Cond.compare(n.Got.Value))
		return n
	}
	n.Got.Ask = n.Decided.Ask
	if n.Decided.Case == nil {
		n.Truth = n.Cond.among(n.Decided.Possible)
	}
	return n
}

// among compares an undecided decision: if none of the values that it can still
// take is wanted the answer is no already, and if all are it is yes.
func (c *Cond) among(possible []string) Truth {
	wanted := 0
	for _, v := range possible {
		if v == "" {
			return Unknown // it may stay open, and then it compares with nothing
		}
		if slices.Contains(c.Want, v) {
			wanted++
		}
	}
	switch wanted {
	case 0:
		return No
	case len(possible):
		return Yes
	default:
		return Unknown
	}
}

// future tells whether a milestone lies after the as-of day. ISO days compare
// as text.
func (e *Evaluator) future(r trait.Resolved) bool {
	return r.Value.Type() == trait.Date && r.Value.String() > e.AsOf
}

func (c *Cond) compare(v trait.Value) bool {
	switch c.Test {
	case "eq", "in":
		return slices.Contains(c.Want, v.String())
	case "has":
		return v.Has(c.Want[0])
	case "gte", "lt":
		order, err := trait.CompareVersions(v.String(), c.Want[0])
		return err == nil && (order >= 0) == (c.Test == "gte")
	default:
		return false
	}
}

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// deciding returns the leaves that made the node what it is: for a yes of all
// and a no of any every child, else the children with the node's own truth.
func (n *Node) deciding(visit func(*Node)) {
	if n.Op == "leaf" {
		visit(n)
		return
	}
	for _, child := range n.Children {
		every := (n.Op == "all" && n.Truth == Yes) || (n.Op == "any" && n.Truth == No) || n.Op == "not"
		if every || child.Truth == n.Truth {
			child.deciding(visit)
		}
	}
}

// relevant returns the leaves that are worth naming: the deciding ones, and for
// an unknown node all of them, since the known ones are why it is still open.
func (n *Node) relevant(visit func(*Node)) {
	if n.Truth != Unknown || n.Op == "leaf" {
		n.deciding(visit)
		return
	}
	for _, child := range n.Children {
		child.relevant(visit)
	}
}

// askLeaves lists the traits of the open leaves that keep the node unknown.
func (n *Node) askLeaves() []trait.ID {
	var out []trait.ID
	if n.Truth != Unknown {
		return nil
	}
	n.deciding(func(leaf *Node) {
		if leaf.Truth == Unknown && !slices.Contains(out, leaf.Cond.Trait) {
			out = append(out, leaf.Cond.Trait)
		}
	})
	return out
}

// ask lists the stored traits that could settle the node, in asking order.
func (n *Node) ask(cat *trait.Catalogue) []trait.ID {
	var out []trait.ID
	if n.Truth != Unknown {
		return nil
	}
	n.deciding(func(leaf *Node) {
		if leaf.Truth == Unknown {
			out = merge(out, leaf.Got.Ask)
		}
	})
	cat.Sort(out)
	return out
}

func merge(list, more []trait.ID) []trait.ID {
	for _, id := range more {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// Ask lists the stored traits that could settle an evaluated condition, in
// asking order; none where it is settled.
func (e *Evaluator) Ask(n *Node) []trait.ID { return n.ask(e.cat) }
