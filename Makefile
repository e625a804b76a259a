# The commands of this project. Each sets up what it needs; nothing outside .venv is touched.
# A stamp file in .venv says which lock file was installed last.

PYTHON ?= python3
BIN := .venv/bin
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))))

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help setup run test check bench browser soak across lock format

help:
	@echo "make setup | run | test | check | bench | browser | soak | across | format | lock"

# --- setting up ---------------------------------------------------------------------------------

.venv/uv.stamp: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Tadamun needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11 setup"; exit 2; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv || \
	  { echo "Python could not make a virtual environment; on Debian: apt-get install python3-venv"; exit 2; }
	@$(BIN)/pip install --quiet --require-hashes -r requirements-uv.lock
	@touch $@

.venv/runtime.stamp: .venv/uv.stamp requirements.lock
	@$(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python -r requirements.lock
	@touch $@

# The development lock holds the runtime one, so it settles both stamps.
.venv/dev.stamp: .venv/uv.stamp requirements.lock requirements-dev.lock
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements-uv.lock requirements-dev.lock
	@touch .venv/runtime.stamp $@

setup: .venv/dev.stamp
	@:

# What compares questions across languages: only `moderation.across_languages` needs it. It stays
# until other development locks are installed, which take out what they do not name.
across: .venv/runtime.stamp
	@$(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python -r requirements-across.lock

# The newest versions that go together, for every system and every Python from 3.11 on. The
# development lock comes first: what runs must be what was tested.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --upgrade
lock: .venv/uv.stamp
	$(COMPILE) --group dev pyproject.toml --output-file requirements-dev.lock
	$(COMPILE) --constraints requirements-dev.lock pyproject.toml --output-file requirements.lock
	$(COMPILE) --constraints requirements-dev.lock --group across --output-file requirements-across.lock
	echo uv | $(COMPILE) - --output-file requirements-uv.lock

# --- running and testing ------------------------------------------------------------------------

run: .venv/runtime.stamp
	@exec $(BIN)/python bot.py run

# Thousands of databases, each of which waits for the disk at every commit: where memory has room for
# them, they lie there.
test browser: export TMPDIR := $(shell \
  test "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 2>/dev/null \
  && echo /dev/shm || echo "$${TMPDIR:-/tmp}")

# Most tests wait for another process, or for something to happen: two at once for each core.
test: WORKERS = $(shell expr 2 \* "$$(getconf _NPROCESSORS_ONLN)")

# Every branch of the dialogue is tried by its own tests. Elsewhere counting lines would take half as
# long again, and hold nothing to account.
test: .venv/dev.stamp
	$(BIN)/pytest tests/dialogue --numprocesses=auto --cov=dialogue --cov-fail-under=100 \
	  --cov-report=term-missing:skip-covered
	$(BIN)/pytest --ignore=tests/dialogue -m "not browser and not soak" --numprocesses=$(WORKERS) --dist=worksteal

check: .venv/dev.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/pyright

format: .venv/dev.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.broadcasts
	$(BIN)/python -m benchmarks.claims
	$(BIN)/python -m benchmarks.whatsapp
	$(BIN)/python -m benchmarks.board
	$(BIN)/python -m benchmarks.similar

browser: .venv/dev.stamp
	@test -n "$(CHROMIUM)" || \
	  { echo "The browser tests need Chromium; on Debian: apt-get install chromium fonts-noto-core"; exit 1; }
	CHROMIUM=$(CHROMIUM) $(BIN)/pytest -m browser --numprocesses=auto --dist=worksteal

soak: .venv/dev.stamp
	$(BIN)/pytest -m soak
