# Every task of the project; CI runs the same ones. `make help` lists them.

# The first of these that exists and is new enough makes the environment.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help install demo test lint format train evaluation docs clean

help: ## List the tasks
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## Make .venv and install everything into it

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Throughline needs Python 3.11 or newer and none was found: \
	install it, or name one with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: install ## Load the shipped catalogue, analyse it and serve the portal
	$(BIN)/throughline demo --port $(PORT)

test: install ## Run every test
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: install ## Check style, types and the arrows between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: install ## Train the tagger from the passages in the repository; JUDGED=FILE adds judged ones
	$(BIN)/python -m nlp.train $(if $(JUDGED),--judged $(JUDGED))

evaluation: install ## Measure tagger, search and echoes, and renew the figures of their pages
	$(BIN)/python tests/evals/tagging_report.py
	$(BIN)/python tests/evals/search_report.py
	$(BIN)/python tests/evals/echo_report.py

docs: install ## Renew the generated pages under docs/
	$(BIN)/python -m cogapp -r docs/cli.md docs/settings.md docs/errors.md docs/sources.md
	$(BIN)/python -m nlp.codebook_page > docs/codebook.md

clean: ## Remove the environment and what the program wrote
	rm -rf $(VENV) var dist
