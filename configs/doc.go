// Package configs owns what an operator writes: the configuration of `onedoor serve` ([Load]) and the declarative objects of
// `onedoor apply` ([ReadObjects]: identity providers, departments, systems, service items), both YAML.
//
// Reading is strict. An unknown key, a key that is there twice, a value of the wrong type, an anchor or an alias is a fault, and
// all faults of all files are listed at once ([Faults]), each with file, line and path. Secrets never stand in these files: a
// key that ends in File or Env names where the secret is. A relative path counts from the folder of the file it stands in.
//
// It does not own what the values mean: the domain packages validate their own types. Only cmd imports it.
package configs
