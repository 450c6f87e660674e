# make run     makes the environment, installs, and runs on the samples
# make test    makes the environment, installs, and runs the tests
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: run test lint types tables settings docs clean

run: $(VENV)/.run
	@$(BIN)/python -m newsetl run data/samples

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.dev
	$(BIN)/mypy

tables: $(VENV)/.dev
	$(BIN)/python -m newsetl schema --md > docs/tables.md

settings: $(VENV)/.dev
	$(BIN)/python -c "from newsetl import reference; print(reference.markdown(), end='')" > docs/configuration.md

docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir build/site
	@echo "docs: build/site/index.html"

clean:
	rm -rf $(VENV) build/site data/tables

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsetl needs Python 3.11 or later: make run PYTHON=python3.12")'
	@echo "making $(VENV) and installing into it: a minute or two"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@ $(VENV)/.run

$(VENV)/.docs: $(VENV)/.made pyproject.toml constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[docs]'
	@touch $@ $(VENV)/.run
