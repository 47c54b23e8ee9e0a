# Every target creates what it needs. `make demo` and `make test` are all a newcomer has to know.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO ?= demo
export VENV PYTHON

.PHONY: demo test test-slow check studio clean

demo: $(VENV)/.core  ## render, extract, train, score, label, evaluate; writes $(DEMO)/report.html
	$(BIN)/tpwng-core demo --out $(DEMO)

test: $(VENV)/.test  ## the fast tests: offline, on the CPU, without a display
	$(BIN)/python -m pytest -m "not slow"

test-slow: $(VENV)/.test  ## the slow tests
	$(BIN)/python -m pytest -m slow

check: $(VENV)/.test  ## style, types and import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(VENV)/.core: pyproject.toml scripts/setup.sh
	bash scripts/setup.sh core

$(VENV)/.test: pyproject.toml scripts/setup.sh
	bash scripts/setup.sh test

clean:  ## remove the virtual environment and the demo
	rm -rf $(VENV) $(DEMO)
