// Package settings finds out how ngapi is to behave: flags first, then NGAPI_*
// variables, then the user's settings file, then defaults. The result is a
// plain struct in which each value carries its origin; it is read once and not
// changed.
//
// The settings file is strict: an unknown key or a wrong value is an error with
// line and column. It is config.yaml in $NGAPI_CONFIG_DIR, else in
// $XDG_CONFIG_HOME/ngapi, else in ~/.config/ngapi (also on macOS), else in
// %AppData%\ngapi on Windows. Without any of them there is no file, which is no
// error. It never holds a secret.
//
// This is the only package that imports viper, and viper only merges the
// layers here. It folds keys to lower case, splits them at dots and writes all
// that it knows, so names given by users never pass through it, it reads no
// file, and it writes none.
package settings
