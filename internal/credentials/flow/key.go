package flow

// Key is a private key for client assertions.
type Key struct{}
