# Two commands: `make track` (lean environment, no torch) and `make test` (everything the tests need).
PYTHON ?= python3
LEAN := .venv-lean
VENV := .venv
# The theme prints an advertisement before every build unless it is told not to.
MKDOCS = NO_MKDOCS_2_WARNING=1 $(VENV)/bin/python -m mkdocs
PIP := -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help track test test-all check docs format clean python

help:
	@echo "make track                 track the bundled sample clip (sets up $(LEAN), no torch)"
	@echo "make track MODEL=multitask ball, players and skeletons of the bundled rally"
	@echo "make track SOURCE=my.mp4   track your own video; ARGS='--conf 0.4' passes flags on"
	@echo "make test                  set up $(VENV) and run the test suite"
	@echo "make test-all              the slow tests too"
	@echo "make check                 lint, types, import layers, and the pages built without a warning"
	@echo "make docs                  serve the pages at http://127.0.0.1:8000"

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "numa-deploy needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 ..."; exit 2; }

$(LEAN)/.ready: pyproject.toml constraints.txt | python
	@echo "setting up $(LEAN) (once, about a minute)"
	@$(PYTHON) -m venv $(LEAN)
	@$(LEAN)/bin/python $(PIP) --editable .
	@$(LEAN)/bin/numa-deploy warmup
	@touch $@

$(VENV)/.ready: pyproject.toml constraints.txt | python
	@echo "setting up $(VENV) (once, a few minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python $(PIP) --editable ".[dev]"
	@touch $@

track: $(LEAN)/.ready
	@$(LEAN)/bin/numa-deploy track $(if $(MODEL),--model "$(MODEL)") $(if $(SOURCE),--source "$(SOURCE)") $(ARGS)

test: $(VENV)/.ready
	@$(VENV)/bin/python -m pytest -q $(ARGS)

test-all: $(VENV)/.ready
	@$(VENV)/bin/python -m pytest -q -m "not gpu and not peers" $(ARGS)

check: $(VENV)/.ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(MKDOCS) build --strict --quiet

docs: $(VENV)/.ready
	$(MKDOCS) serve

format: $(VENV)/.ready
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis runs
