# Rostrum: `make run` tries it, `make test` tests it, `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DB ?= sqlite
POSTGRES_DEFAULT := postgresql://postgres@127.0.0.1:5432/postgres
TEST_ARGS ?=
export PYTHONPATH := $(CURDIR)
# Many school networks inspect what is downloaded: their certificate is known to the system, not to the installer.
export UV_SYSTEM_CERTS := 1

.DEFAULT_GOAL := help
.PHONY: help run test check fuzz bench lock assets messages tables clean setup

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(VENV)/base.stamp assets ## Set everything up and serve the demo division at http://127.0.0.1:8193
	@ROSTRUM_MODE=demo $(BIN)/python -m rostrum demo --quiet
	@ROSTRUM_MODE=demo exec $(BIN)/python -m rostrum serve

test: $(VENV)/dev.stamp assets ## Set everything up and run all tests (on PostgreSQL with DB=postgres)
	@$(BIN)/python tools/browser.py
ifeq ($(DB),postgres)
	@ROSTRUM_MODE=test DATABASE_URL="$${DATABASE_URL:-$(POSTGRES_DEFAULT)}" $(BIN)/python -m pytest -n 2 $(TEST_ARGS)
else
	@env -u DATABASE_URL ROSTRUM_MODE=test $(BIN)/python -m pytest -n 2 $(TEST_ARGS)
endif

check: $(VENV)/dev.stamp assets ## Style, types, layers, migrations, translations, templates
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	ROSTRUM_MODE=test $(BIN)/mypy
	ROSTRUM_MODE=test $(BIN)/python -m django check --settings rostrum.config.settings --fail-level WARNING
	ROSTRUM_MODE=test $(BIN)/python -m django makemigrations --settings rostrum.config.settings --check --dry-run
	$(BIN)/python -m rostrum procedure check procedures/ap-193/2015-09.toml
	$(BIN)/python tools/messages.py check
	$(BIN)/djlint rostrum/templates --lint --quiet
	$(BIN)/deptry rostrum

fuzz: $(VENV)/dev.stamp ## The property tests with new random input, as long as you like: EXAMPLES=20000
	@ROSTRUM_MODE=test HYPOTHESIS_PROFILE=wide EXAMPLES=$(or $(EXAMPLES),5000) $(BIN)/python -m pytest -n 2 -m hypothesis --timeout 3600

bench: $(VENV)/dev.stamp assets ## Run the benchmarks and write docs/benchmarks.md and docs/benchmarks-checks.md
	@$(BIN)/python -m benchmarks
	@test -x build/bench/bin/python || $(BIN)/uv venv --quiet build/bench
	@$(BIN)/uv pip install --quiet --python build/bench/bin/python --require-hashes -r requirements/bench.lock || \
	  echo "The peers of the checks could not be fetched: they are told as not installed." >&2
	@$(BIN)/python -m benchmarks.checks --report docs/benchmarks-checks.md $(if $(DATA),--data $(DATA))

setup: $(VENV)/dev.stamp assets ## Install everything for work on Rostrum itself

assets: ## Fetch and trim the front-end packages (quick when nothing changed)
	@$(BIN)/python tools/assets.py

messages: $(VENV)/dev.stamp ## Bring the French catalogue up to date with the sources, and compile it
	$(BIN)/python tools/messages.py update

tables: $(VENV)/dev.stamp ## Write the first migration anew after a change to a table (until the first release)
	@$(BIN)/python tools/tables.py

lock: $(VENV)/bootstrap.stamp ## Resolve the dependencies again into requirements/*.lock
	@for name in bootstrap base dev bench node; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  requirements/$$name.in --output-file requirements/$$name.lock; done

clean: ## Remove what was installed and built (the data folder stays)
	rm -rf $(VENV) build node_modules

$(VENV)/bootstrap.stamp: requirements/bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Rostrum needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock 2>$(VENV)/install.log || \
	  { tail -n 3 $(VENV)/install.log >&2; echo "The Python packages could not be fetched: check the network to your package index, then run the same command again." >&2; exit 1; }
	@touch $@

$(VENV)/base.stamp: $(VENV)/bootstrap.stamp requirements/base.lock
	@test -f $(VENV)/dev.stamp || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/base.lock 2>$(VENV)/install.log || \
	  { tail -n 3 $(VENV)/install.log >&2; echo "The Python packages could not be fetched: check the network to your package index, then run the same command again." >&2; exit 1; }
	@touch $@

$(VENV)/dev.stamp: $(VENV)/bootstrap.stamp requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock 2>$(VENV)/install.log || \
	  { tail -n 3 $(VENV)/install.log >&2; echo "The Python packages could not be fetched: check the network to your package index, then run the same command again." >&2; exit 1; }
	@touch $@ $(VENV)/base.stamp
