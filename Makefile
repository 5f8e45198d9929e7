# Everything a person types. Each target sets up what it needs first; when nothing changed, that takes no time.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON := .venv/bin/python
HOST ?= local
LARGE_MIB ?= 64
URL ?= http://127.0.0.1:7071
WHAT ?= --all
SEED ?= 1
RUNS ?= 10
MINUTES ?= 0
LEVEL ?= both
ROW ?= all
SCALE ?= 1
COMPILE := VIRTUAL_ENV=.venv .venv/bin/uv pip compile --quiet --no-annotate --no-header --generate-hashes --python-version 3.13

.PHONY: help run demo doctor connect put-back test storm load bench lint format sharepoint setup browser pins clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

run: setup ## Watch real files move from Moment Cloud to SharePoint, all on this machine (HOST=func: with Core Tools)
	@$(PYTHON) -m tools.stack run --host $(HOST) --large-mib $(LARGE_MIB)

demo: setup ## The same, checked: ends by itself, fails if a file is not where it belongs (LARGE_MIB=1024: a larger file)
	@$(PYTHON) -m tools.stack demo --host $(HOST) --large-mib $(LARGE_MIB)

doctor: .venv/.ready ## See what is wrong with the app and what mends it (URL=… TOKEN=… of a deployed app)
	@$(if $(TOKEN),MOMENT_TOKEN='$(TOKEN)') $(PYTHON) -m tools.doctor --url '$(URL)'

connect: .venv/.ready ## Connect the app in Azure with SharePoint: registration, consent, sites (ARGS=--dry-run: only show the requests)
	@$(PYTHON) -m tools.connect $(ARGS)

put-back: .venv/.ready ## Have tried again what the app gave up (WHAT=--list: only show it; URL=… TOKEN=… of a deployed app)
	@$(if $(TOKEN),MOMENT_TOKEN='$(TOKEN)') $(PYTHON) -m tools.admin put-back --url '$(URL)' $(WHAT)

test: setup browser ## All tests; those of the page in Chromium (CHROMIUM=…: this one)
	@$(PYTHON) -m pytest

storm: setup ## Try to break it at random: SEED=… first seed, RUNS=… how many, MINUTES=… at most, LEVEL=world, model, crash or both
	@$(PYTHON) -m tests.simulation --seed $(SEED) --runs $(RUNS) --minutes $(MINUTES) --level $(LEVEL)

load: setup ## Put all of it under load and check it: docs/load.md (ROW=drop: one row; SCALE=0.1: a tenth)
	@$(PYTHON) -m tools.load --row $(ROW) --scale $(SCALE)

bench: setup ## Measure it beside rclone, doing the same work: docs/performance.md (ROW=small: one row; SCALE=0.1: a tenth)
	@$(PYTHON) -m tools.bench --row $(ROW) --scale $(SCALE)

lint: setup ## Style, types (the page's too), the direction of imports, and the templates for Azure
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports
	@node_modules/.bin/tsc -p tsconfig.json
	@$(PYTHON) -m tools.infra check

format: .venv/.ready ## Put the code in its usual form
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

sharepoint: .venv/.ready ## The local SharePoint alone, for any Graph client; keeps its files in .local
	@$(PYTHON) -m tools.sharepoint --tls --state .local/sharepoint

setup: .venv/.ready node_modules/.ready ## Only make the environment

browser: .local/browser ## Only find a Chromium for the tests of the page, or install it where that may be

pins: .venv/.ready ## Compile requirements*.in anew, with hashes (UPGRADE=--upgrade: take newer releases)
	@$(COMPILE) $(UPGRADE) requirements.in -o requirements.txt
	@$(COMPILE) $(UPGRADE) requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) $(UPGRADE) requirements-audit.in -o requirements-audit.txt

clean: ## Remove everything that these targets made
	@rm -rf .venv node_modules .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find functions shared tests tools function_app.py -name __pycache__ -prune -exec rm -rf {} +

.venv/.ready: requirements-dev.txt .python-version tools/setup.sh
	@sh tools/setup.sh python

node_modules/.ready: package.json package-lock.json tools/setup.sh
	@sh tools/setup.sh node

.local/browser: tools/setup.sh
	@sh tools/setup.sh browser
