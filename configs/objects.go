package configs

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"onedoor/authz"
	"onedoor/federation"
	"onedoor/tenants"
)

// Objects are what the files of `onedoor apply` declare. Their secrets are places still: see [Objects.Resolve].
type Objects struct {
	providers   []object[federation.Provider]
	departments []object[tenants.Department]
	systems     []object[tenants.System]
	items       []object[authz.Item]
}

// object is one declared thing, with where it stands and where its secrets are.
type object[T any] struct {
	value   T
	doc     *document
	secrets map[string]SecretSource // by path
}

// Len tells how many objects there are.
func (o *Objects) Len() int {
	return len(o.providers) + len(o.departments) + len(o.systems) + len(o.items)
}

// ReadObjects reads declarative objects from files and folders (every .yaml and .yml below them in the order of their names,
// nothing that begins with a dot) and checks everything that can be known without the database and without the secrets. All
// faults come together as [Faults]. That a department exists is checked by Resolve, which knows those in the database too.
func ReadObjects(paths ...string) (*Objects, error) {
	var faults Faults
	files := list(paths, &faults)
	o := &Objects{}
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			faults = append(faults, Fault{File: file, Text: reason(err)})
			continue
		}
		o.read(file, data, &faults)
	}
	if len(faults) == 0 && o.Len() == 0 {
		faults = append(faults, Fault{File: strings.Join(paths, ", "), Text: "holds no object"})
	}
	o.twins(&faults)
	if err := faults.err(); err != nil {
		return nil, err
	}
	return o, nil
}

// list gives the files that the paths mean.
func list(paths []string, faults *Faults) []string {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			*faults = append(*faults, Fault{File: path, Text: reason(err)})
		case info.IsDir():
			files = append(files, below(path, faults)...)
		default:
			files = append(files, path)
		}
	}
	return files
}

// below walks with os.Stat, not with the entries' own types: the files of a mounted volume can be symbolic links.
func below(folder string, faults *Faults) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		*faults = append(*faults, Fault{File: folder, Text: reason(err)})
		return nil
	}
	var files []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if e.IsDir() {
			files = append(files, below(path, faults)...)
			continue
		}
		if ext := filepath.Ext(path); ext == ".yaml" || ext == ".yml" {
			files = append(files, path)
		}
	}
	return files
}

// reason says why a file could not be read, without the path, which stands in front anyway.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return "can't be read: " + p.Err.Error()
	}
	return "can't be read"
}

// read adds the objects of one file.
func (o *Objects) read(file string, data []byte, faults *Faults) {
	for _, d := range parse(file, data, faults) {
		switch kind := d.kind(); kind {
		case KindProvider:
			var f providerForm
			d.decode(&f)
			o.provider(d, f)
		case KindDepartment:
			var f departmentForm
			d.decode(&f)
			x := f.department()
			for _, y := range x.Validate() {
				d.found(y.Path, y.Rule, y.Text)
			}
			o.departments = append(o.departments, object[tenants.Department]{value: x, doc: d})
		case KindSystem:
			var f systemForm
			d.decode(&f)
			o.system(d, f)
		case KindItem:
			var f itemForm
			d.decode(&f)
			x := f.item()
			for _, y := range x.Validate() {
				d.found(y.Path, y.Rule, y.Text)
			}
			o.items = append(o.items, object[authz.Item]{value: x, doc: d})
		case "":
			d.fault("kind", "", "is missing: "+kinds)
		default:
			d.fault("kind", "", "is unknown: "+kinds)
		}
	}
}

// kinds are those of objects, for people.
const kinds = KindProvider + ", " + KindDepartment + ", " + KindSystem + " or " + KindItem

// kind looks at the word that says which form the rest has.
func (d *document) kind() string {
	for i := 0; i+1 < len(d.root.Content); i += 2 {
		if d.root.Content[i].Value == "kind" {
			d.lines["kind"] = d.root.Content[i].Line
			return d.root.Content[i+1].Value
		}
	}
	return ""
}

// unread stands for a secret that is declared but not read yet, so that a form can be validated without it.
func unread(s SecretSource) []byte { return []byte("unread " + s.String()) }

func (o *Objects) provider(d *document, f providerForm) {
	x := object[federation.Provider]{value: f.provider(), doc: d, secrets: map[string]SecretSource{}}
	if f.OIDC != nil {
		q := f.OIDC.Quirks
		client := d.source("oidc.clientSecretFile", f.OIDC.ClientSecretFile, "oidc.clientSecretEnv", f.OIDC.ClientSecretEnv)
		key := d.source("oidc.quirks.apiKeyFile", q.APIKeyFile, "oidc.quirks.apiKeyEnv", q.APIKeyEnv)
		if !client.IsZero() {
			x.secrets["oidc.clientSecret"] = client
			x.value.OIDC.ClientSecret = unread(client)
		}
		if !key.IsZero() {
			x.secrets["oidc.quirks.apiKey"] = key
			x.value.OIDC.Quirks.APIKey = unread(key)
		}
	}
	if f.NDID != nil {
		key := d.source("ndid.apiKeyFile", f.NDID.APIKeyFile, "ndid.apiKeyEnv", f.NDID.APIKeyEnv)
		if !key.IsZero() {
			x.secrets["ndid.apiKey"] = key
			x.value.NDID.APIKey = unread(key)
		}
	}
	seen := map[levelForm]bool{}
	for i, r := range f.Assurance.Request {
		if seen[r.Level] {
			d.fault("assurance.request["+strconv.Itoa(i)+"].level", "LOA-04", "is there twice")
		}
		seen[r.Level] = true
	}
	for _, y := range x.value.Validate() {
		if y.Path == "oidc.clientSecret" || y.Path == "oidc.quirks.apiKey" {
			y.Text = "is missing: " + y.Path + "File or " + y.Path + "Env must name the place of the secret"
		}
		d.found(y.Path, y.Rule, y.Text)
	}
	o.providers = append(o.providers, x)
}

func (o *Objects) system(d *document, f systemForm) {
	d.metadataFile(f.SAML)
	x := object[tenants.System]{value: f.system(), doc: d, secrets: map[string]SecretSource{}}
	if f.OIDC != nil {
		x.hashes("oidc.secrets", f.OIDC.Secrets, x.value.OIDC.Secrets)
	}
	if f.Forward != nil {
		x.hashes("forward.secrets", f.Forward.Secrets, x.value.Forward.Secrets)
	}
	for _, y := range x.value.Validate() {
		d.found(y.Path, y.Rule, y.Text)
	}
	o.systems = append(o.systems, x)
}

// hashes notes where the secrets of a system are, if their hashes don't stand in the file.
func (x object[T]) hashes(path string, forms []secretForm, values []tenants.Secret) {
	d := x.doc
	for i, s := range forms {
		at := path + "[" + strconv.Itoa(i) + "]"
		place := d.source(at+".file", s.File, at+".env", s.Env)
		hashed := s.SHA256 != digestForm{} || d.bad[at+".sha256"]
		switch {
		case hashed && !place.IsZero():
			d.fault(at, "", "must have one of sha256, file and env")
		case !hashed && place.IsZero():
			d.found(at, "", "must have one of sha256, file and env")
			values[i].SHA256 = sha256.Sum256([]byte(at)) // one fault is enough
		case !place.IsZero():
			x.secrets[at] = place
			values[i].SHA256 = sha256.Sum256(unread(place))
		}
	}
}

// twins finds identifiers that are declared twice.
func (o *Objects) twins(faults *Faults) {
	seen := map[string]*document{}
	check := func(kind, id string, d *document) {
		if id == "" {
			return
		}
		if first, twice := seen[kind+" "+id]; twice {
			*faults = append(*faults, Fault{
				File: d.file, Line: d.line("id"), Path: "id",
				Text: kind + " " + strconv.Quote(id) + " is declared twice, first in " + first.file + ":" + strconv.Itoa(first.line("id")),
			})
			return
		}
		seen[kind+" "+id] = d
	}
	for _, x := range o.providers {
		check(KindProvider, string(x.value.ID), x.doc)
	}
	for _, x := range o.departments {
		check(KindDepartment, string(x.value.ID), x.doc)
	}
	for _, x := range o.systems {
		check(KindSystem, string(x.value.ID), x.doc)
	}
	for _, x := range o.items {
		check(KindItem, string(x.value.ID), x.doc)
	}
}
