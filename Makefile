# Each target does its own set-up: Python 3.11 or newer, make and a package index are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# As pip does for what it installs: else each start compiles gate anew where Python writes no cache.
COMPILE := $(BIN)/python -m compileall -q gate

.PHONY: demo test check fuzz bench format lock docs clean

demo: $(READY)
	$(BIN)/gate demo

# With a cache of what pytest compiles, which takes each worker as long as all imports. In a new
# checkout two processes compile half of them each, which is quicker than that each worker does all.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest
TWO_HALVES := xargs -P 2 -n 240
test: $(READY)
	@$(COMPILE)
	@test -d tests/__pycache__ || find tests -name 'test_*.py' | sort | \
	  $(TWO_HALVES) $(PYTEST) --collect-only -qq -p no:xdist >/dev/null 2>&1 || true
	$(PYTEST) -n auto

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	bash .ci/check

# TIME is in seconds, for each parser of foreign bytes.
TIME ?= 20
fuzz: $(READY) .ci/fuzz/atheris
	PYTHONPATH=.ci/fuzz $(BIN)/python -m tests.fuzz all --seconds $(TIME)

.ci/fuzz/atheris: .ci/fuzz.txt
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
	  --only-binary :all: --target .ci/fuzz --requirement .ci/fuzz.txt
	@touch $@

# Short forms, which take minutes; each module's docstring has the long one. Figures are for people:
# one that is over its budget is told, and ends nothing. The last one prints the main figures of all
# in one table, and names what was not measured. MANIFESTS is a folder to lint.
MANIFESTS ?= ../shared/corpora/manifests
bench: export GATE_FIGURES = $(CURDIR)/$(VENV)/figures
bench: $(READY)
	@$(COMPILE)
	@: > $(GATE_FIGURES)
	-$(BIN)/python -m benchmarks.start --rounds 3
	-$(BIN)/python -m benchmarks.lint $(MANIFESTS) --rounds 2
	-$(BIN)/python -m benchmarks.folder
	-$(BIN)/python -m benchmarks.sbom 2
	-$(BIN)/python -m benchmarks.memory
	-$(BIN)/python -m benchmarks.promote 128
	-$(BIN)/python -m benchmarks.trust
	-$(BIN)/python -m benchmarks.registry
	-$(BIN)/python -m benchmarks.latency
	-$(BIN)/python -m benchmarks.many 10 1000
	-$(BIN)/python -m benchmarks.signing
	-$(BIN)/python -m benchmarks.evidence --attestations 200 --large 5
	-$(BIN)/python -m benchmarks.nights --nights 7
	-$(BIN)/python -m benchmarks.admission --rate 50 --seconds 3 --faults 200 --distinct 1000
	-$(BIN)/python -m benchmarks.two_hours --images 20 --asked 2 --seconds 300
	-$(BIN)/python -m benchmarks.two_hours --images 50 --seconds 600
	@$(BIN)/python -m benchmarks.figures $(GATE_FIGURES)

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)
	$(BIN)/python docs/generate.py

# Said before anything is made: pip's own message would be a riddle. uv brings a Python itself.
define SUPPORTED
import sys
sys.exit(0 if sys.version_info >= (3, 11) else
  "gate needs Python 3.11 or newer, and $(PYTHON) is %d.%d: run make PYTHON=python3.11" % sys.version_info[:2])
endef
export SUPPORTED

# uv where it is on PATH, else venv and pip. Wheels are locked by hash in requirements-dev.txt.
$(READY): requirements-dev.txt pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	  uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements-dev.txt && \
	  uv pip install --quiet --no-deps --python $(BIN)/python --editable . ; \
	else \
	  $(PYTHON) -c "$$SUPPORTED" && \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements-dev.txt && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ; \
	fi
	@$(COMPILE)
	@touch $(READY)

# Needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --output-file requirements.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --group dev --output-file requirements-dev.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --extra serve --constraint requirements-dev.txt \
	  --output-file requirements-serve.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --output-file .ci/tools.txt .ci/tools.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --output-file .ci/advisories.txt .ci/advisories.in

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
