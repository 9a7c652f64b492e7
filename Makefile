# Jingtu (净土). `make help` lists what can be done.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-browser up down reset test e2e check fix bench faults referee docs screens lock

JINGTU := .venv/bin/jingtu
PY := .venv/bin/python
PORT ?=
BG ?=
DEMO ?=
FORCE ?=
ARGS ?=
FULL ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 1)

UP_OPTIONS = $(if $(PORT),--port $(PORT)) $(if $(filter 1 yes true,$(BG)),--bg) \
	$(if $(filter 0 no false,$(DEMO)),--production) $(if $(filter 1 yes true,$(DEMO)),--demo)

# As many test processes as processors, at most four; JOBS=1 runs one test after the other in this process.
TOGETHER = $(if $(filter-out 1,$(JOBS)),-n $(JOBS) --maxprocesses 4 --dist loadfile)

help: ## this list
	@echo "净土 Jingtu"
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
	@echo "  PORT=8022 another port · BG=1 in the background · DEMO=0 an empty production instance · FORCE=1 do not ask · JOBS=1 one test after the other"

setup: ## install what is missing: system packages, Python and Node packages, built assets
	@tools/setup
	@echo "Set up. The command is $(JINGTU); start with: make up"

setup-browser:
	@tools/setup browser

up: ## start everything on 127.0.0.1:8021 (Ctrl-C ends it)
	@tools/setup
	@$(JINGTU) up $(UP_OPTIONS)

down: ## stop what `make up BG=1` started
	@test -x $(JINGTU) || { echo "Nothing is set up here yet."; exit 0; }
	@$(JINGTU) down

reset: ## delete the instance (database, files, secrets) after asking
	@test -x $(JINGTU) || { echo "Nothing is set up here yet."; exit 0; }
	@$(JINGTU) reset $(if $(filter 1 yes true,$(FORCE)),--force)

test: setup-browser ## all tests, with those in Chromium; never touches the served instance
	@$(PY) -m pytest -q $(TOGETHER) $(ARGS); code=$$?; $(JINGTU) cluster stop --testing; exit $$code

e2e: setup-browser ## only the walks in Chromium
	@$(PY) -m pytest -q -m e2e $(TOGETHER) $(ARGS); code=$$?; $(JINGTU) cluster stop --testing; exit $$code

check: ## style, types, floors, migrations
	@tools/setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check -q . || { echo "Some files are not formatted: make fix"; exit 1; }
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@DJANGO_SETTINGS_MODULE=jingtu.config.testing $(PY) -W ignore::RuntimeWarning -m jingtu.config.manage makemigrations --check --dry-run
	@echo "Checked: style, types, floors and migrations are in order."

fix: ## let the tools mend style
	@tools/setup
	@.venv/bin/ruff check --fix-only -q .
	@.venv/bin/ruff format -q .
	@echo "Mended what the tools can mend."

bench: ## benchmarks at a small size, each with its peer; FULL=1 for the full size
	@tools/setup
	@env -u VIRTUAL_ENV UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync -q --frozen --no-managed-python --group bench
	@set -e; for file in bench/bench_*.py; do \
	  echo "== $$file"; $(PY) $$file $(if $(filter 1 yes true,$(FULL)),$$(sed -n 's/^FULL = "\(.*\)"$$/\1/p' $$file)); done

faults: ## kill processes at random points of every deed and see that nothing is lost (RUNS=200 SEED=1)
	@tools/setup
	@$(PY) -m tools.faults --runs $(or $(RUNS),200) --seed $(or $(SEED),1) $(ARGS)

referee: ## let R (installed if missing) check the statistics and freeze what it finds
	@tools/setup
	@$(PY) -m tools.referee

docs: ## generate the parts of docs/ that come from the declarations
	@tools/setup
	@$(JINGTU) manage write_docs
	@$(JINGTU) manage write_openapi

screens: setup-browser ## pictures of every kind of page in docs/screens
	@$(PY) -m tests.pages.screens

lock: ## renew uv.lock and package-lock.json from the public registries
	@env -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL .venv/bin/uv lock --no-config
	@npm install --package-lock-only --ignore-scripts
