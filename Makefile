# The two commands are `make demo` and `make test`; each sets up what it needs, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
BROWSERS := chromium chromium-browser google-chrome

.PHONY: demo test lint types wheel benchmark app notebooks docs clean chromium

demo: $(VENV)/.base
	$(BIN)/casekit demo

test: $(VENV)/.test chromium
	$(BIN)/python -m pytest -n 2 $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

wheel: $(VENV)/.test
	$(BIN)/python -m build --wheel --no-isolation

benchmark: $(VENV)/.test
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

app: $(VENV)/.notebooks
	$(BIN)/casekit app

notebooks: $(VENV)/.notebooks
	$(BIN)/casekit lab

docs: $(VENV)/.base
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) build dist casekit-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A stamp for each set of extras; a change of what is asked for installs again.
$(VENV)/.base: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing casekit into $(VENV); the first time this takes a few minutes."
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.notebooks $(VENV)/.test $(VENV)/.dev: $(VENV)/.%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing casekit[$*] into $(VENV); the first time this takes a few minutes."
	@$(INSTALL) -e ".[$*]"
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "There is no $(PYTHON). On Debian: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "casekit needs Python 3.11 or newer: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The browser tests drive Debian's Chromium. Without it they are skipped, but never under CI.
chromium:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	ready=; \
	if ! command -v apt-get >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ]; then ready=yes; as=; \
	elif sudo -n true 2>/dev/null; then ready=yes; as="sudo -n"; fi; \
	if [ "$$ready" ]; then \
	  echo "Installing Chromium for the browser tests."; \
	  $$as apt-get update -qq </dev/null && \
	  $$as env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -qq -y --no-install-recommends chromium </dev/null >/dev/null && exit 0; \
	fi; \
	echo "No Chromium here, and it cannot be installed: the browser tests will be skipped." \
	     "On Debian: apt-get install chromium" >&2; \
	[ -z "$$CI" ]
