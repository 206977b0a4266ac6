package dpop

// KeyThumbprint and Normal show the tests what lies inside.
func KeyThumbprint(m map[string]any) ([32]byte, error) {
	k, err := readKey(m)
	return k.thumbprint(), err
}

// Normal is normal.
func Normal(address string) (string, bool) { return normal(address) }
