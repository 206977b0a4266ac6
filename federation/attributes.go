package federation

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/hub/identifier"
)

// Limits of an attribute's value, in characters. What is longer is not that attribute, and left out.
const (
	maxText    = 300
	maxAddress = 1000
	maxSubject = 255 // bytes; OpenID Connect Core section 2
)

// Map turns verified claims into the neutral identity: levels within the provider's ceiling, attributes into the
// dictionary, the person number checked. It is pure. Refused where the subject or the person number can't be trusted.
//
// The person number, and with it the attribute citizen_id, is taken only from IAL 2.1 on: below, nobody has compared it
// with a document, and departments would take an unproven number for a key.
func Map(p Provider, c Claims, now time.Time) (hub.Identity, error) {
	const op = "federation.Map"
	Scrub(c.Values)
	if c.Subject == "" || len(c.Subject) > maxSubject || !utf8.ValidString(c.Subject) {
		return hub.Identity{}, hub.E(op, hub.Refused, SubjectMissing)
	}
	id := hub.Identity{
		Provider: p.ID,
		Subject:  c.Subject,
		Level:    p.Assurance.Level(c).Cap(p.Ceiling),
		AuthTime: c.AuthTime,
		Methods:  methods(c.AMR),
		Session:  c.Session,
		Upstream: c.Upstream,
	}
	if id.AuthTime.IsZero() {
		id.AuthTime = now // the connector made sure that the login was a fresh one, or refused
	}
	if len(id.Session) > maxSubject {
		id.Session = ""
	}
	proven := id.Level.IAL >= hub.IAL21
	if proven && p.Person.Claim != "" {
		number, err := person(p.Person, c.Values)
		if err != nil {
			return hub.Identity{}, err
		}
		id.Person = number
	}
	id.Attributes = make(hub.Attributes, len(p.Attributes))
	for _, name := range hub.AttributeNames() {
		if name == hub.CitizenID && !proven {
			continue
		}
		value, ok := attribute(name, p, c.Values, now)
		if !ok {
			continue
		}
		if name == hub.CitizenID {
			number, err := identifier.ParseCitizen(value)
			switch {
			case err != nil:
				return hub.Identity{}, hub.E(op, hub.Refused, PersonNumber)
			case number != id.Person.Value:
				return hub.Identity{}, hub.E(op, hub.Refused, PersonDiffers)
			}
			value = number
		}
		id.Attributes[name] = hub.Attribute{Value: value, Source: p.ID, At: now}
	}
	return id, nil
}

// person reads the person number. Zero where the provider sent none.
func person(pc PersonClaim, values map[string]any) (hub.PersonNumber, error) {
	const op = "federation.person"
	v, present := values[pc.Claim]
	if !present || v == nil {
		return hub.PersonNumber{}, nil
	}
	text, ok := scalar(v)
	if !ok {
		return hub.PersonNumber{}, hub.E(op, hub.Refused, PersonNumber)
	}
	number, err := identifier.Parse(pc.Kind, text)
	if err != nil {
		return hub.PersonNumber{}, hub.E(op, hub.Refused, PersonNumber)
	}
	return number, nil
}

// attribute gives the first usable value among the provider's claims for the attribute.
func attribute(name hub.AttributeName, p Provider, values map[string]any, now time.Time) (string, bool) {
	for _, claim := range p.Attributes[name] {
		v, present := values[claim]
		if !present || v == nil || Forbidden(claim) {
			continue
		}
		var value string
		switch name {
		case hub.Address:
			value = address(v)
		case hub.Birthdate:
			text, _ := scalar(v)
			value, _ = Birthdate(text, p.OIDC != nil && p.OIDC.Quirks.BirthdateCE, now)
		case hub.CitizenID:
			value, _ = scalar(v)
		default:
			text, _ := v.(string)
			value = clean(text, maxText)
		}
		if value != "" {
			return value, true
		}
	}
	return "", false
}

// addressParts are the members of an OpenID address claim in the order in which a Thai card prints them (Core section 5.1.1).
var addressParts = []string{"street_address", "locality", "region", "postal_code", "country"}

// address reads a text, or an OpenID address object: its formatted member, else its parts.
func address(v any) string {
	switch x := v.(type) {
	case string:
		return clean(x, maxAddress)
	case map[string]any:
		if s, _ := x["formatted"].(string); clean(s, maxAddress) != "" {
			return clean(s, maxAddress)
		}
		var parts []string
		for _, name := range addressParts {
			s, _ := scalar(x[name])
			if s = clean(s, maxAddress); s != "" {
				parts = append(parts, s)
			}
		}
		return clean(strings.Join(parts, " "), maxAddress)
	default:
		return ""
	}
}

// clean gives one line of text without control and direction-override characters; "" where it is too long or not UTF-8.
func clean(s string, limit int) string {
	if len(s) > limit*utf8.UTFMax || !utf8.ValidString(s) {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		default:
			return r
		}
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > limit {
		return ""
	}
	return s
}

// methods keeps amr values that look like RFC 8176 ones: short words.
func methods(amr []string) []string {
	var out []string
	for _, m := range amr {
		if m != "" && len(m) <= 32 && strings.Trim(m, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:") == "" && len(out) < 16 {
			out = append(out, m)
		}
	}
	return out
}

// Birthdate reads YYYY-MM-DD, YYYY-MM or YYYY in the Christian era and gives the same form. With zeros, a month or day of 00 means that it is unknown and is
// left out: 1980-00-00 gives 1980. It reports false for anything else: a date that does not exist or lies in the future, a
// year before 1850 or of another era.
func Birthdate(text string, zeros bool, now time.Time) (string, bool) {
	text = strings.TrimSpace(text)
	parts := strings.Split(text, "-")
	if len(parts) > 3 || !number(parts[0], 4) {
		return "", false
	}
	for _, p := range parts[1:] {
		if !number(p, 2) {
			return "", false
		}
	}
	if zeros {
		for i, p := range parts[1:] {
			if p == "00" {
				parts = parts[:i+1]
				break
			}
		}
	}
	full := strings.Join(parts, "-")
	layout := time.DateOnly[:len(full)]
	day, err := time.Parse(layout, full)
	if err != nil || day.Year() < 1850 || day.After(now.UTC().Add(24*time.Hour)) {
		return "", false
	}
	return full, true
}

func number(s string, size int) bool {
	if len(s) != size {
		return false
	}
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}
