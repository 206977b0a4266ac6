package samlmsg

import (
	"log/slog"

	"github.com/crewjam/saml"
)

// NameID is a name identifier with its qualifiers (SAML Core section 2.2.3). It prints as "[redacted]".
type NameID struct {
	Value           string
	Format          string
	NameQualifier   string
	SPNameQualifier string
	SPProvidedID    string
}

const redacted = "[redacted]"

// String hides the name.
func (NameID) String() string { return redacted }

// GoString hides the name.
func (NameID) GoString() string { return redacted }

// LogValue hides the name.
func (NameID) LogValue() slog.Value { return slog.StringValue(redacted) }

func readNameID(e *element) (*NameID, error) {
	value, ok := e.text()
	if !ok || value == "" || len(value) > maxURI {
		return nil, MessageMalformed
	}
	return &NameID{
		Value: value, Format: e.value("Format"), NameQualifier: e.value("NameQualifier"),
		SPNameQualifier: e.value("SPNameQualifier"), SPProvidedID: e.value("SPProvidedID"),
	}, nil
}

func (n NameID) element() *element {
	return fromEtree((&saml.NameID{
		Value: n.Value, Format: n.Format, NameQualifier: n.NameQualifier, SPNameQualifier: n.SPNameQualifier, SPProvidedID: n.SPProvidedID,
	}).Element())
}

// oneNameID reads what names a person: a NameID, or an EncryptedID that holds one; nil where there is neither. A BaseID is
// refused, as the hub could not tell whom it means.
func oneNameID(plain, encrypted []*element, d *Decrypter) (*NameID, error) {
	switch {
	case len(plain)+len(encrypted) == 0:
		return nil, nil //nolint:nilnil // none is a value
	case len(plain)+len(encrypted) > 1:
		return nil, MessageMalformed
	case len(plain) == 1:
		return readNameID(plain[0])
	}
	inner, err := d.decrypt(encrypted[0], nsSAML, "NameID")
	if err != nil {
		return nil, err
	}
	return readNameID(inner)
}
