# Every target creates what it needs. `make studio`, `make demo` and `make test` are all a newcomer
# has to know.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEMO ?= demo
BENCH ?= bench
export VENV PYTHON

.PHONY: demo studio test test-slow test-xvfb readers check bench clean

demo: $(VENV)/.core  ## render, extract, train, score, label, evaluate; writes $(DEMO)/report.html
	$(BIN)/tpwng-core demo --out $(DEMO)

studio: $(VENV)/.studio  ## the analyst's window, with a small finished project in it
	$(BIN)/tpwng-studio --demo

test: $(VENV)/.test  ## the fast tests: offline, on the CPU, without a display
	bash scripts/test.sh "not slow"

test-slow: $(VENV)/.test  ## the slow tests
	bash scripts/test.sh slow

test-xvfb: $(VENV)/.test  ## the tests of the window on a real X server without a screen
	QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1920x1200x24" \
		$(BIN)/python -m pytest tests/studio

readers: $(VENV)-readers/.ready  ## libraries of other tools that open our exports in the slow tests

check: $(VENV)/.test  ## style, types and import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test  ## every figure of the README, measured here; writes $(BENCH)/bench.md and bench.json
	$(BIN)/tpwng-core bench --out $(BENCH)

$(VENV)/.core: pyproject.toml scripts/setup.sh
	bash scripts/setup.sh core

$(VENV)/.studio: pyproject.toml scripts/setup.sh
	bash scripts/setup.sh studio

$(VENV)/.test: pyproject.toml scripts/setup.sh
	bash scripts/setup.sh test

$(VENV)-readers/.ready: tests/core/formats/readers.txt
	$(PYTHON) -m venv $(VENV)-readers
	$(VENV)-readers/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

clean:  ## remove the virtual environment and the demo
	rm -rf $(VENV) $(VENV)-readers $(DEMO) $(BENCH)
