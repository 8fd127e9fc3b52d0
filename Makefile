# make help lists what can be made. Every target starts from a fresh checkout.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

BIN := .venv/bin
# One more than there are processors, since browsers wait much; five on two were no faster.
AT_ONCE := $(shell n=$$(nproc); echo $$((n < 4 ? n + 1 : 4)))
CODE := src harness tests $(wildcard bench scripts/*.py)

# Compiled files of the tests are kept for the next run.
unexport PYTHONDONTWRITEBYTECODE

# A file of tests stays in one process, and so do files that share something costly.
TESTS := $(BIN)/python -m pytest --numprocesses=$(AT_ONCE) --dist=loadgroup --no-loadscope-reorder

.PHONY: help demo install test quick check format figures pictures bench bench-scale bench-history native sbom lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: .venv/.installed ## Try Renumber: server, demo accounts, a mailbox and a phone
	@$(BIN)/renumber demo $(ARGS)

install: .venv/.compiled .venv/.hash ## Install the service: .venv/bin/renumber
	@$(BIN)/renumber --version

test: .venv/.installed-dev ## Run all tests: SQLite, PostgreSQL, PgBouncer, Chromium, two proxies, and applications that join
	@scripts/find-postgres
	@scripts/find-chromium
	@scripts/find-proxies
	@scripts/find-pgbouncer
	@scripts/find-counterparts
	$(TESTS) $(ARGS)

quick: .venv/.installed-dev ## Run the tests that need neither a browser nor PostgreSQL
	$(TESTS) -m "not browser and not postgres" $(ARGS)

check: .venv/.installed-dev ## Check format, lint, types, import rules and known advisories
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m scripts.check_advisories

format: .venv/.installed-dev ## Format the code and sort its imports
	$(BIN)/ruff check --fix-only --quiet $(CODE)
	$(BIN)/ruff format $(CODE)

figures: .venv/.installed-dev ## Print sizes and the files of six acts, and renew docs/architecture.md
	@$(BIN)/python -m bench.figures $(ARGS)
	@$(BIN)/python scripts/draw_house.py --write

pictures: .venv/.installed-dev ## Take pictures of every page and mail, with contact sheets, into pictures/
	@scripts/find-chromium
	@$(BIN)/python -m tests.pictures $(ARGS)

bench: .venv/.installed-dev .venv/.hash ## Run the benchmarks; ARGS="--before REV" for both trees in turn
	@scripts/find-postgres
	$(BIN)/python -m bench $(ARGS)

bench-scale: .venv/.installed-dev .venv/.hash ## Measure both journeys among a thousand, a hundred thousand and a million accounts
	@scripts/find-postgres
	$(BIN)/python -m bench.scale $(ARGS)

bench-history: .venv/.installed-dev ## Export and verify a history of a million rows, on either database
	@scripts/find-postgres
	$(BIN)/python -m bench.history $(ARGS)

native: .venv/.installed ## Rebuild the password hash for this machine's processor
	@scripts/build-native

sbom: .venv/.installed-dev ## Write the list of parts, CycloneDX, to build/renumber.cdx.json
	@$(BIN)/python -m scripts.make_sbom $(ARGS)

lock: .venv/.installed-dev ## Renew the lock files from the requirements*.in files (needs uv)
	@scripts/lock

clean: ## Remove the environment and all caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build src/*.egg-info

.venv/bin/python:
	@PYTHON="$(PYTHON)" scripts/make-venv

.venv/.installed: requirements.lock requirements-build.lock pyproject.toml | .venv/bin/python
	@$(BIN)/python scripts/install_packages.py --service requirements-build.lock requirements.lock
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed | .venv/bin/python
	@$(BIN)/python scripts/install_packages.py requirements-dev.lock
	@touch $@

# HASH=published leaves the wheel's, as for an image that runs on processors without AVX2.
.venv/.hash: .venv/.installed
	@[ "$(HASH)" = published ] || scripts/build-native --for-avx2
	@touch $@

# A service may run as somebody who can't write here; whoever only tries it compiles what is used, when it is used.
.venv/.compiled: .venv/.installed
	@echo "Compiling …"
	@$(BIN)/python -m compileall -qq -j 0 .venv/lib src || true
	@touch $@
