// Package identity says who acts. Every act of the desk names an [Actor];
// there is no act by nobody.
//
// Sign-in, roles per country and the policy that decides are not here yet:
// until they are, the desk answers only the person at its own keyboard.
package identity

import "strings"

// An Actor is who does something: a person at the keyboard, a partner's key,
// or the desk itself for follow-up work.
type Actor struct {
	// ID is stable and goes into the audit: "local:ada", "system:retention".
	ID string
}

// Local is the person who runs the command on the desk's own machine.
func Local(user string) Actor {
	if user = strings.TrimSpace(user); user == "" {
		user = "unknown"
	}
	return Actor{ID: "local:" + user}
}

// System is the desk itself, doing the follow-up work that is named.
func System(work string) Actor { return Actor{ID: "system:" + work} }

// Valid says whether the actor can be held to account. Stores refuse others.
func (a Actor) Valid() bool { return a.ID != "" }
