package settings

import (
	"slices"

	"github.com/spf13/viper"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/suggest"
)

// Value is a setting and where it came from: "--color", "NGAPI_COLOR",
// "/home/a/.config/ngapi/config.yaml:3" or "default".
type Value[T any] struct {
	V      T      `json:"value"`
	Origin string `json:"origin"`
}

// Settings are all settings, typed.
type Settings struct {
	Profile    Value[string] // "" means: the nearest ngapi.yaml upward
	Output     Value[string] // FORMAT or FORMAT=FILE
	Color      Value[string] // auto, always or never
	Accessible Value[bool]
	NoInput    Value[bool]
	Rulebook   Value[string] // "" means: the current edition
	Debug      Value[bool]
	Paths      Paths
}

// Options are what settings are found from.
type Options struct {
	Env   func(string) string // the environment; nil means an empty one
	GOOS  string              // the operating system, as in runtime.GOOS
	Flags map[string]string   // by key; only flags that the user gave
}

// Load finds the settings. The error is an *exit.Error with exit.Usage that
// lists every problem of flags, variables and settings file at once.
func Load(o Options) (*Settings, error) {
	if o.Env == nil {
		o.Env = func(string) string { return "" }
	}
	paths := Locate(o.Env, o.GOOS)
	file, err := readFile(paths.ConfigFile)
	if err != nil {
		return nil, err
	}
	l := layers{v: viper.NewWithOptions(viper.KeyDelimiter("::")), origin: map[string]string{}}
	l.problems = file.problems
	if err := l.bind(o, file); err != nil {
		return nil, err
	}
	if err := exit.Problems(exit.Usage, l.problems); err != nil {
		return nil, err
	}
	text := func(key string) Value[string] { return Value[string]{l.v.GetString(key), l.origin[key]} }
	yes := func(key string) Value[bool] { return Value[bool]{l.v.GetBool(key), l.origin[key]} }
	return &Settings{
		Profile: text(KeyProfile), Output: text(KeyOutput), Color: text(KeyColor), Rulebook: text(KeyRulebook),
		Accessible: yes(KeyAccessible), NoInput: yes(KeyNoInput), Debug: yes(KeyDebug), Paths: paths,
	}, nil
}

// layers fills one viper instance and remembers which layer won.
type layers struct {
	v        *viper.Viper
	origin   map[string]string
	problems []exit.Problem
}

func (l *layers) bind(o Options, file file) error {
	config := map[string]any{}
	for _, k := range Keys() {
		l.v.SetDefault(k.Name, k.Default)
		l.origin[k.Name] = "default"
		if e, ok := file.entries[k.Name]; ok {
			config[k.Name] = e.value
			l.origin[k.Name] = e.origin
		}
		if text := o.Env(k.Env); text != "" {
			value := l.take(k, text, k.Env)
			if err := l.v.BindFlagValue(k.Name, variable{k.Env, value}); err != nil {
				return err
			}
			l.origin[k.Name] = k.Env
		}
		if text, ok := o.Flags[k.Name]; ok {
			l.v.Set(k.Name, l.take(k, text, "--"+k.Name))
			l.origin[k.Name] = "--" + k.Name
		}
	}
	for name := range o.Flags {
		if !slices.Contains(names(), name) {
			l.problems = append(l.problems, exit.Problem{What: "unknown setting " + shown(name), Do: near(name)})
		}
	}
	return l.v.MergeConfigMap(config)
}

// take checks a value from a flag or variable.
func (l *layers) take(k Key, text, from string) string {
	value, do := k.check(text)
	if do != "" {
		l.problems = append(l.problems, exit.Problem{What: from + " cannot be " + shown(text), Do: do})
	}
	return value
}

// variable hands a variable to viper as a bound value. viper's own binding
// would read the environment of the process, which is a parameter here.
type variable struct{ name, text string }

// HasChanged is true: a variable that is not set is not bound.
func (v variable) HasChanged() bool { return true }

// Name is the name of the variable.
func (v variable) Name() string { return v.name }

// ValueString is its checked value.
func (v variable) ValueString() string { return v.text }

// ValueType is text; the typed result is made of it by Load.
func (v variable) ValueType() string { return "string" }

// Shown is one line of ngapi config show.
type Shown struct {
	Key    string `json:"key"`
	Value  any    `json:"value"` // string or bool
	Origin string `json:"origin"`
}

// List returns every setting in the order of Keys.
func (s *Settings) List() []Shown {
	return []Shown{
		{KeyProfile, s.Profile.V, s.Profile.Origin}, {KeyOutput, s.Output.V, s.Output.Origin},
		{KeyColor, s.Color.V, s.Color.Origin}, {KeyAccessible, s.Accessible.V, s.Accessible.Origin},
		{KeyNoInput, s.NoInput.V, s.NoInput.Origin}, {KeyRulebook, s.Rulebook.V, s.Rulebook.Origin},
		{KeyDebug, s.Debug.V, s.Debug.Origin},
	}
}

// near says what to write instead of an unknown key.
func near(key string) string {
	if n := suggest.Nearest(clip(key), names()); n != "" {
		return "did you mean " + n + "?"
	}
	return "known are " + joined()
}
