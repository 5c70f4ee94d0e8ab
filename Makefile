# Python 3.10 to 3.13 and make are all that is needed: every target first sets up what is missing.
# Stamps in .venv say what is done, so that a second run starts at once.

PYTHONS := python3.11 python3.12 python3.13 python3.10 python3
SUPPORTED := import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))
BIN := .venv/bin
SOURCES := glue_local awsglue awsgluedq awsglueml jobs tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help install up down demo demo-compose test test-long test-integration images images-offline check format bench docs clean

help: ## Show what make can do
	@echo "glue-local: a local AWS Glue. Start with: make demo"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | awk -F'|' '{printf "%-26s%s\n", $$1, $$2}'

install: .venv/.prerequisites ## Set up everything: virtual environment, Java if there is none, Spark's S3 connector

.venv/.made:
	@for name in $(PYTHONS); do \
	  if "$$name" -c '$(SUPPORTED)' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "no Python 3.10 to 3.13 on the PATH: install Python 3.11, then run make again" >&2; exit 1; fi; \
	if test -x $(BIN)/python && ! $(BIN)/python -c '$(SUPPORTED)'; then \
	  echo "$$($(BIN)/python --version) in .venv is not supported: run make clean, then make again with 3.10 to 3.13" >&2; exit 1; fi; \
	echo "[1/3] virtual environment in .venv with $$($$python --version)"; \
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $$python -m venv .venv || { \
	  echo "$$python cannot make virtual environments: install its venv package (Debian: apt install python3-venv)" >&2; exit 1; }
	@touch $@

.venv/.installed: .venv/.made pyproject.toml
	@echo "[2/3] Python packages (a few minutes the first time, most of it Spark)"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -e '.[dev]' \
	  | grep --line-buffered -vE '^(Requirement already|  Preparing|  Getting|  Installing|Obtaining)' || true
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet -e '.[dev]'
	@touch $@

.venv/.prerequisites: .venv/.installed
	@echo "[3/3] Java and Spark's S3 connector"
	@$(BIN)/glue-local doctor --fix
	@touch $@

up: install ## Start the server and keep it running (Ctrl-C stops it)
	@$(BIN)/glue-local up

down: ## Stop the server
	@test ! -x $(BIN)/glue-local || $(BIN)/glue-local down

demo: install ## Traffic from feed to report, in a few minutes
	@$(BIN)/glue-local demo

test: install ## Run the tests
	@$(BIN)/pytest -m "not long"

test-long: install ## Processes killed mid-workflow, streams, verify, table formats, wide data: minutes more
	@$(BIN)/pytest -m long

test-integration: install ## The same against Docker Compose, and what only containers can show; gets the images first
	@docker/images.sh --or-stand-ins
	@GLUE_LOCAL_STACK=compose $(BIN)/pytest -n 0 tests/e2e tests/integration

demo-compose: ## Start the Compose stack and run the workflow in it; the report lands in reports/
	@docker compose up --wait
	@docker compose logs --no-log-prefix localstack spark | grep ' in place of ' | tr -d '\033' | sed 's/^\[2K//' | sort -u | sed 's/^/stand-in: /' || true
	@env UID="$$(id -u)" GID="$$(id -g)" docker compose run --rm demo

images: ## Pull the official images, build our own
	@docker/images.sh

images-offline: ## Build stand-ins for the official images, and our own, without an image registry (docs/images.md)
	@docker/standin/build.sh

check: install ## Lint, format, types, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Format the code and fix what can be fixed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: install ## Measure, and write docs/performance.md
	@$(BIN)/python -m benchmarks

docs: ## List what there is to read
	@ls README.md docs/*.md

clean: down ## Stop the server and remove everything that was made here
	rm -rf .venv .glue-local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist *.egg-info
