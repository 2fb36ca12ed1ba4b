package intakehttp

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lapwing/internal/referral"
	"lapwing/internal/web"
)

// funcs are what the templates may call. A code that has no word of ours may
// be anything, so words are shown as foreign texts are.
var funcs = template.FuncMap{
	"bar":      bar,
	"risk":     riskWord,
	"complete": completeWord,
	"kind":     func(k referral.Kind) template.HTML { return web.Visible(upperFirst(k.Label())) },
	"media":    func(m referral.MediaVerdict) template.HTML { return web.Visible(word(mediaWords, m)) },
	"shape":    shape,
	"state":    func(s referral.State) template.HTML { return web.Visible(word(stateWords, s)) },
	"role":     func(r referral.Role) template.HTML { return web.Visible(word(roleWords, r)) },
	"sort":     func(k referral.IdentifierKind) template.HTML { return web.Visible(word(identifierWords, k)) },
	"shared":   func(k string) template.HTML { return web.Visible(word(identifierWords, referral.IdentifierKind(k))) },
	"hash":     func(k string) template.HTML { return web.Visible(word(hashWords, k)) },
	"scheme":   func(s string) template.HTML { return web.Visible(word(schemeWords, s)) },
	"refusal":  func(s string) template.HTML { return web.Visible(word(refusedWords, s)) },
	"list":     func(s []string) template.HTML { return web.Visible(strings.Join(s, ", ")) },
	"hashnote": hashNote,
	"notes":    identifierNotes,
	"reasons":  func(fs []referral.Finding) part[referral.Finding] { return first(20, fs) },
	"minute":   func(t time.Time) template.HTML { return at(t, "2006-01-02 15:04") },
	"second":   func(t time.Time) template.HTML { return at(t, "2006-01-02 15:04:05") },
	"count":    count,
	"of":       of,
	"weight":   weight,
	"up":       upperFirst,
}

// The words stand for the number beside them and decide nothing: the queue is
// in order of the numbers.
func riskWord(n int) string {
	switch {
	case n >= 75:
		return "very high"
	case n >= 50:
		return "high"
	case n >= 25:
		return "medium"
	}
	return "low"
}

func completeWord(n int) string {
	switch {
	case n >= 67:
		return "good"
	case n >= 34:
		return "partial"
	}
	return "thin"
}

// bar draws a number from 0 to 100. The number itself stands beside it.
func bar(n int) template.HTML {
	return template.HTML(`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><path d="M0 2h100"/><path d="M0 2h` + strconv.Itoa(min(max(n, 0), 100)) + `"/></svg>`)
}

// at is a time in UTC with its zone.
func at(t time.Time, layout string) template.HTML {
	if t.IsZero() {
		return `<span class="none">not stated</span>`
	}
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format("2006-01-02T15:04:05Z") + `">` + t.Format(layout) + `&nbsp;UTC</time>`)
}

// word is the label of a code; a code that has none yet is shown as it is.
func word[K ~string](words map[K]string, k K) string {
	if w, ok := words[k]; ok {
		return w
	}
	return string(k)
}

var mediaWords = map[referral.MediaVerdict]string{
	referral.MediaKnown: "Known", referral.MediaNear: "Near", referral.MediaNew: "New", referral.MediaNone: "None",
}

// shape is the class that draws a mark before the verdict.
func shape(m referral.MediaVerdict) string {
	if mediaWords[m] == "" {
		m = referral.MediaNone
	}
	return "m-" + string(m)
}

// mediaMeaning is the verdict as a sentence.
var mediaMeaning = map[referral.MediaVerdict]string{
	referral.MediaKnown: "A file is on a list; none is new and none merely resembles a listed one.",
	referral.MediaNear:  "A file resembles one on a list; none is new.",
	referral.MediaNew:   "At least one file is on no list.",
	referral.MediaNone:  "There is no file that could be compared.",
}

var stateWords = map[referral.State]string{
	referral.StateOpen: "Open", referral.StateInformational: "Informational",
	referral.StateRetracted: "Retracted", referral.StateClosed: "Closed",
}

var roleWords = map[referral.Role]string{
	referral.RoleReported: "Reported person", referral.RoleRecipient: "Intended recipient", referral.RoleVictim: "Child",
	referral.RoleAssociated: "Associated account", referral.RoleReporter: "Reporter", "": "The report",
}

var identifierWords = map[referral.IdentifierKind]string{
	referral.IDEmail: "E-mail", referral.IDPhone: "Phone", referral.IDAccount: "Account", referral.IDScreen: "Screen name",
	referral.IDIP: "IP address", referral.IDDevice: "Device", referral.IDURL: "Web address", referral.IDPayment: "Payment",
	"file": "File", "prior-report": "Earlier report",
}

var placeWords = map[referral.PlaceKind]string{
	referral.PlaceWeb: "Web page", referral.PlaceEmail: "E-mail", referral.PlaceNewsgroup: "Newsgroup", referral.PlaceChat: "Chat or messenger",
	referral.PlaceGame: "Online game", referral.PlacePhone: "Phone", referral.PlaceP2P: "Peer-to-peer network",
	referral.PlaceOffline: "Offline", referral.PlaceOther: "Elsewhere",
}

var momentWords = map[referral.MomentKind]string{
	referral.MomentIncident: "Event or its detection", referral.MomentReceived: "Received by the clearing house or hotline",
	referral.MomentAvailable: "Made available to police", referral.MomentProcessed: "Processed by the source",
}

var stageWords = map[referral.Stage]string{
	referral.Submitted: "as submitted", referral.Delivered: "as delivered", referral.Withdrawn: "taken back",
}

var handlingWords = map[string]string{
	"H0": "H0: to prevent and combat crime only",
	"H1": "H1: not in court without the provider's permission",
	"H2": "H2: not to be passed on without the provider's permission",
	"H3": "H3: restricted as the text says",
}

var noticeWords = map[string]string{
	"escalated": "Urgent", "notified": "The person may know", "legal-process": "Legal process served",
	"deconfliction": "Speak to others first", "compromised": "Account may have been taken over",
}

// markWords are labels for the flags of reports and the annotations of files
// (formats.md A.5), by the wire name without case and signs. Those that say
// how grave a file is share one label: how, is nothing to read in passing.
var markWords = map[string]string{
	"sextortion": "sexual coercion and extortion", "csamsolicitation": "material was asked for",
	"minortominorinteraction": "between children", "sadisticonlineexploitation": "violent or sadistic online group",
	"spam": "spam", "informational": "informational", "viral": "viral", "potentialmeme": "possible meme", "viralpotentialmeme": "viral or meme",
	"danger": "a child is in danger now", "dangernow": "a child is in danger now", "childindanger": "a child is in danger now", "childindangernow": "a child is in danger now", "imminentdanger": "a child is in danger now",
	"animedrawingvirtualhentai": "drawn or computer-generated", "generativeai": "AI-generated", "generated": "AI- or computer-generated",
	"possibleselfproduction": "possibly self-generated", "selfgenerated": "self-generated", "commercial": "commercial",
	"physicalharm": severe, "violencegore": severe, "bestiality": severe,
	"cdn": "behind a delivery network", "livestreaming": "live-streamed", "infant": "a very young child",
}

const severe = "marked as severe by the source"

// marks are the labels of wire names, and how many names have none.
func marks(wire []string) (labels []string, unnamed int) {
	for _, w := range wire {
		l, ok := markWords[letters(w)]
		if !ok {
			unnamed++
		} else if !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
	}
	return labels, unnamed
}

// letters is a wire name without case and signs.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

var hashWords = map[string]string{
	"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512",
	"pdq": "PDQ", "photodna": "PhotoDNA", "tmkpdqf": "TMK+PDQF", "vpdq": "vPDQ",
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// count is a whole number with a narrow blank between groups of three digits.
func count(n any) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// weight is a number with its sign.
func weight(n int) string {
	if n < 0 {
		return "\u2212" + strconv.Itoa(-n)
	}
	return "+" + strconv.Itoa(n)
}

// of is "1 link" or "3 links".
func of(n any, one, many string) string {
	if c := count(n); c != "1" {
		return c + " " + many
	}
	return "1 " + one
}
