# Two commands: `make demo` shows it, `make test` proves it. See CONTRIBUTING.md.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Go keeps its caches in the home folder; a bare environment may not name one.
ifeq ($(strip $(HOME)),)
export HOME := $(shell getent passwd "$$(id -u)" | cut -d: -f6)
endif

# Tools, each at a version that was tried. They come through the module proxy and leave go.mod alone.
GOFUMPT     := go run mvdan.cc/gofumpt@v0.12.0
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@v1.1.4

# VULNDB: address of a vulnerability database, for a place without the public one (https://... or file://...).
VULNDB ?=
# FUZZ: how long each target is fuzzed, as -fuzztime takes it. A count, not a time: it stops by itself, never in the middle.
FUZZ ?= 5000x
BENCH ?= .

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 10

.PHONY: test
# The walks through the whole hub take half of the time of all tests, and three times that under the race detector: it sees them in `make race`.
WALKS := ./cmd/onedoor/app
# The race detector watches Go. SQLite's engine is C in Go's clothes, locks by means that the detector knows nothing of, and takes three times as long when watched.
RACE := -race -gcflags='modernc.org/...=-race=false'

test: deps ## Install what the tests need, then run them all: race detector, SQLite and PostgreSQL, a real browser
	@CGO_ENABLED=1 .ci/with-postgres go test $(RACE) -p 2 -timeout 30m $$(go list ./... | grep -v '/cmd/onedoor/app$$')
	@.ci/with-postgres go test -parallel 4 -timeout 30m $(WALKS)

.PHONY: race
race: deps ## Run the walks through the whole hub under the race detector as well
	@CGO_ENABLED=1 .ci/with-postgres go test $(RACE) -parallel 4 -timeout 60m $(WALKS)

.PHONY: check
check: ## Format, vet, lint, and hold the arrows between packages
	@unformatted=$$($(GOFUMPT) -l .); \
	if [ -n "$$unformatted" ]; then printf 'not formatted (run make format):\n%s\n' "$$unformatted" >&2; exit 1; fi
	go vet ./...
	$(STATICCHECK) ./...
	go test -run '^TestArrows' ./cmd/onedoor/app

.PHONY: format
format: ## Format every Go file
	$(GOFUMPT) -l -w .

.PHONY: vuln
vuln: ## Look for known vulnerabilities (VULNDB names another database)
	$(GOVULNCHECK) $(if $(VULNDB),-db $(VULNDB)) ./...

.PHONY: deps
deps: ## Install what the tests need, where it is absent
	@.ci/deps

.PHONY: build
build: ## Build bin/onedoor: one static file
	CGO_ENABLED=0 go build -trimpath -o bin/onedoor ./cmd/onedoor

.PHONY: demo
demo: ## Start the demo
	@go run ./cmd/onedoor demo

.PHONY: bench
bench: ## Run the benchmarks (BENCH selects by name)
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: fuzz
fuzz: ## Fuzz every target for a while (FUZZ says how long)
	@grep -rE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*\(' . | sed -E 's/^([^:]*)\/[^\/:]*:func (Fuzz[A-Za-z0-9_]*).*/\1 \2/' | \
	while read -r folder target; do \
		echo "fuzz $$folder $$target"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) "$$folder" </dev/null; \
	done
