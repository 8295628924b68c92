// Package store reads and writes the files of ngapi: the profile (ngapi.yaml),
// the route list, checkpoints of the guided run, and exports.
//
// Reading is strict and complete: every problem is reported at once, with file,
// line and column. Nothing in a file can make the reader expand, recurse or
// allocate beyond the size of the file, which is limited to MaxBytes.
//
// Writing is atomic: a reader, and a process that is killed at any moment, sees
// the old file or the new one, never a part. An edit holds a lock beside the
// file while it reloads, changes, validates and replaces it, so that no save
// loses another one. An edit keeps comments, order, line ends and the layout of
// every line that it does not change, and never writes a file that the reader
// would refuse.
//
// The package stands above the domain: it knows traits, statements and routes,
// and decides nothing. It reads neither the environment nor a clock.
package store
