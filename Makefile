# Kept. `make help` lists what there is; the work itself is in infra/.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
STAGE ?=
.DEFAULT_GOAL := help
.PHONY: help python run stop test simulate lint deploy clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: python ## Set up, start the local stack, make a first promise, serve until Ctrl-C
	@$(PYTHON) -m infra.local.install run
	@.venv/bin/python -m infra.local run

stop: python ## Stop the local stack; what it holds is kept for the next start
	@$(PYTHON) -m infra.local.stop

test: python ## Set up, then lint, types and every test, against a stack of its own
	@$(PYTHON) -m infra.local.install test
	@.venv/bin/python -m infra.local.checks

simulate: python ## Crash everywhere in simulated time, kill workers in real time, print the figures: an hour or two
	@$(PYTHON) -m infra.local.install simulate
	@.venv/bin/python -m tests.simulation

lint: python ## Ruff and mypy only
	@$(PYTHON) -m infra.local.install lint
	@.venv/bin/python -m infra.local.checks --lint-only

deploy: python ## Deploy to AWS: make deploy STAGE=prod
	@test -n "$(STAGE)" || { echo "Say which stage: make deploy STAGE=prod"; exit 2; }
	@$(PYTHON) -m infra.local.install deploy
	@.venv/bin/python -m infra.deploy --stage $(STAGE)

clean: stop ## Stop, and remove the local state, the build output and the caches
	@rm -rf .local .build .mypy_cache .ruff_cache .pytest_cache .hypothesis

python:
	@test -n "$(PYTHON)" || { echo "No Python was found. Kept needs Python 3.11: apt-get install python3.11"; exit 1; }
