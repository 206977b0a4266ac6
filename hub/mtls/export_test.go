package mtls

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"strconv"
	"strings"
)

// RDNs gives the name that a text means as a certificate has it.
func RDNs(text string) (pkix.RDNSequence, bool) {
	n, err := parseDN(text)
	if err != nil {
		return nil, false
	}
	var out pkix.RDNSequence
	for _, parts := range n {
		var set pkix.RelativeDistinguishedNameSET
		for _, p := range parts {
			kind, value, _ := strings.Cut(p, "=")
			var oid asn1.ObjectIdentifier
			for _, s := range strings.Split(kind, ".") {
				i, err := strconv.Atoi(s)
				if err != nil {
					return nil, false
				}
				oid = append(oid, i)
			}
			set = append(set, pkix.AttributeTypeAndValue{Type: oid, Value: value})
		}
		out = append(out, set)
	}
	return out, true
}
