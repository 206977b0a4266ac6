package configs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// LookupEnv reads an environment variable, as os.LookupEnv does.
type LookupEnv func(name string) (string, bool)

// SecretSource tells where a secret is: in a file or in an environment variable. The zero value means "none".
type SecretSource struct {
	File string // absolute, or relative to the folder of the working process
	Env  string
}

// IsZero reports whether there is no source.
func (s SecretSource) IsZero() bool { return s == SecretSource{} }

// String names the place, never the secret.
func (s SecretSource) String() string {
	switch {
	case s.File != "":
		return "file " + s.File
	case s.Env != "":
		return "environment variable " + s.Env
	default:
		return "nowhere"
	}
}

const maxSecretFile = 64 << 10

// Read gives the secret without the white space around it. It refuses an empty one, and a file that others than its owner
// and group can read, or that others than its owner can write. The errors name the place and never hold the secret.
func (s SecretSource) Read(env LookupEnv) (string, error) {
	if s.File == "" {
		text, ok := env(s.Env)
		if text = strings.TrimSpace(text); !ok || text == "" {
			return "", errors.New(s.String() + " is not set")
		}
		return text, nil
	}
	info, err := os.Stat(s.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", errors.New(s.String() + " does not exist")
	case err != nil:
		return "", errors.New(s.String() + " can't be read")
	case !info.Mode().IsRegular():
		return "", errors.New(s.String() + " is not a plain file")
	case info.Mode().Perm()&0o027 != 0:
		return "", errors.New(s.String() + " is open to others (mode " + info.Mode().Perm().String() + "): chmod 0600, or 0640")
	case info.Size() > maxSecretFile:
		return "", errors.New(s.String() + " is too large for a secret")
	}
	data, err := readFile(s.File)
	if err != nil {
		return "", errors.New(s.String() + " can't be read")
	}
	text := strings.TrimSpace(string(data))
	if text == "" {
		return "", errors.New(s.String() + " is empty")
	}
	return text, nil
}

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)

// source makes a SecretSource of a pair of keys, of which at most one may be set.
func (d *document) source(filePath, file, envPath, env string) SecretSource {
	switch {
	case file != "" && env != "":
		d.fault(envPath, "", "only one of this and "+filePath+" can be the place")
	case env != "" && !envName.MatchString(env):
		d.fault(envPath, "", "must be the name of an environment variable, not the secret itself")
	}
	return SecretSource{File: beside(d.file, file), Env: env}
}

// beside gives the path as it is meant: relative to the folder of the file it stands in.
func beside(file, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}
