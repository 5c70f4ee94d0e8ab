# Requires Python 3.10 to 3.13 and make. Every target installs missing parts first.
# Stamp files in .venv record finished steps, so a second run starts immediately.

# The first one that works is used; PYTHON=python3.13 selects another.
PYTHONS := $(or $(PYTHON),python3.11 python3.12 python3.13 python3.10 python3)
SUPPORTED := import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))
BIN := .venv/bin
# Versions without the URL of a package index, and with hashes except for the clients that only tests install.
COMPILE = $(BIN)/uv pip compile --quiet --no-python-downloads --no-header --no-annotate $(UPGRADE)
# The AWS clients that tests install, each in a separate environment.
CLIENTS := tests/public_clients/requirements

.DEFAULT_GOAL := help
.PHONY: help install up down demo compare demo-compose test test-long test-e2e test-clients test-integration images images-offline check format bench lock docs clean

help: ## List the targets
	@echo "glue-local: a local AWS Glue. Start with: make demo"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | awk -F'|' '{printf "%-26s%s\n", $$1, $$2}'

install: .venv/.prerequisites ## Install everything into .venv: Python packages, Java if there is none, Spark's S3 connector

.venv/.made:
	@for name in $(PYTHONS); do \
	  if "$$name" -c '$(SUPPORTED)' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "no $(or $(PYTHON),Python 3.10 to 3.13) on the PATH: install Python 3.11, then run make again" >&2; exit 1; fi; \
	if test -x $(BIN)/python && ! $(BIN)/python -c '$(SUPPORTED)'; then \
	  echo "$$($(BIN)/python --version) in .venv is not supported: run make clean, then make again with 3.10 to 3.13" >&2; exit 1; fi; \
	echo "[1/3] virtual environment in .venv with $$($$python --version)"; \
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $$python -m venv .venv || { \
	  echo "$$python cannot create virtual environments: install its venv package (Debian: apt install python3-venv)" >&2; exit 1; }
	@touch $@

.venv/.installed: .venv/.made requirements.lock pyproject.toml packages/awsglue/pyproject.toml
	@echo "[2/3] Python packages (a few minutes the first time, most of it Spark)"
	@$(BIN)/python -m glue_local.prerequisites.packages requirements.lock . packages/awsglue
	@touch $@

.venv/.prerequisites: .venv/.installed
	@echo "[3/3] Java, Spark's S3 connector, Spark's class archive"
	@$(BIN)/glue-local doctor --fix
	@touch $@

up: install ## Start the server (Ctrl-C stops it)
	@$(BIN)/glue-local up

down: ## Stop the server
	@test ! -x $(BIN)/glue-local || $(BIN)/glue-local down

demo: install ## Run the example pipeline from feed to report, in a few minutes
	@$(BIN)/glue-local demo

compare: install ## Run the example's workflows in Glue and in Athena on the same events, and compare them
	@$(BIN)/glue-local compare --report

test: install ## Run the tests
	@$(BIN)/pytest -m "not long and not engine"

test-long: install ## Run the tests that take minutes and the tests that need Athena's engine
	@$(BIN)/pytest -m "(long or engine) and not any_stack"

test-e2e: install ## Run the end-to-end tests on the embedded server; make test-integration runs them in containers
	@$(BIN)/pytest tests/e2e

test-clients: install ## Run public clients of AWS (dbt, awswrangler, Airflow …) from their registries
	@$(BIN)/pytest -n 0 tests/public_clients

test-integration: install ## Get the images and run the end-to-end tests against Docker Compose
	@docker/images.sh --or-stand-ins
	@GLUE_LOCAL_STACK=compose $(BIN)/pytest -n 0 -m "not embedded" --durations=20 tests/e2e tests/integration

demo-compose: ## Start the Compose stack and run the workflow in it; the report is in reports/
	@docker compose up --wait
	@docker compose logs --no-log-prefix localstack spark trino | grep ' in place of ' | tr -d '\033' | sed 's/^\[2K//' | sort -u | sed 's/^/stand-in: /' || true
	@env UID="$$(id -u)" GID="$$(id -g)" docker compose run --rm demo

images: ## Pull the official images and build glue-local's
	@docker/images.sh

images-offline: ## Build stand-ins for the official images and glue-local's image, without an image registry (docs/development/images.md)
	@docker/standin/build.sh

check: install ## Check lint, format, types and import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Format the code and apply lint fixes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: install ## Measure performance and write docs/performance.md
	@$(BIN)/python -m benchmarks

# Newer versions: make lock UPGRADE=--upgrade, or UPGRADE='--upgrade-package boto3'.
lock: install ## Update the lock files from pyproject.toml
	$(COMPILE) --generate-hashes --universal --python-version 3.10 --extra dev --no-emit-package glue-local-awsglue pyproject.toml -o requirements.lock
	$(COMPILE) --generate-hashes --python-version 3.11 --python-platform linux --extra demo --override docker/left_out.txt -c requirements.lock \
	  pyproject.toml -o docker/requirements.lock
	for client in $(CLIENTS)/*.in; do $(COMPILE) --universal --python-version 3.10 $$client -o $${client%.in}.lock || exit 1; done

docs: ## List the documentation
	@ls README.md docs/*.md docs/development/*.md

clean: down ## Stop the server and remove .venv, caches and build output
	rm -rf .venv .glue-local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist *.egg-info
