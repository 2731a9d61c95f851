# Every target does its own set-up: Python 3.10+, a C compiler and a package index are all it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml setup.py MANIFEST.in $(wildcard csrc/*)
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test check docs session format build sanitize interop corpus clients fuzz conformance oracle bench clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/demo.stamp  ## serve the house model and run the examples against it, and many streams at once
	$(BIN)/python scripts/demo.py

test: $(VENV)/dev.stamp  ## run the tests
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/dev.stamp  ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/basedpyright
	$(BIN)/python -m mypy.stubtest martlet.engine.kernels._native

docs: $(VENV)/docs.stamp  ## build the documentation site into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	$(BIN)/python scripts/check_site.py site

session: $(VENV)/dev.stamp $(VENV)/docs.stamp  ## record the README's terminal session again
	$(BIN)/python scripts/record_session.py

format: $(VENV)/dev.stamp  ## put the code into the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(VENV)/dev.stamp  ## build the wheel and the source distribution into dist/
	$(BIN)/python -m build

sanitize: $(VENV)/dev.stamp  ## run the kernels' tests under the address, undefined-behaviour and thread sanitizers
	scripts/sanitize

interop: $(VENV)/dev.stamp  ## run our client against a real vLLM (installs it first: about 3 GB)
	$(BIN)/python scripts/interop.py

corpus: $(VENV)/dev.stamp  ## record what vLLM answers to the requests of tests/corpus (installs it first: about 3 GB)
	$(BIN)/python -m scripts.record_corpus $(ARGS)

clients: $(VENV)/dev.stamp  ## run programs made for OpenAI's API against our server (installs them first)
	$(BIN)/python scripts/real_clients.py

fuzz: $(VENV)/dev.stamp  ## let schemathesis make up requests from our OpenAPI document (installs it first)
	$(BIN)/python scripts/openapi_fuzz.py $(ARGS)

conformance: $(VENV)/bin/python  ## run the official package's own tests against our client (fetches them first)
	$(BIN)/python scripts/conformance.py $(ARGS)

oracle: $(VENV)/dev.stamp  ## recompute the goldens with transformers (installs torch into an environment of its own)
	$(BIN)/python scripts/oracle.py

bench: $(VENV)/dev.stamp  ## measure the client beside the official one
	$(BIN)/python -m benchmarks.client

clean:  ## remove everything the other targets made
	rm -rf $(VENV) site .interop .clients .conformance .schemathesis .oracle build dist src/*.egg-info
	find src -name '*.so' -delete

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
	  || { echo "Martlet needs Python 3.10 or newer; try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'

$(VENV)/demo.stamp: $(VENV)/bin/python $(SOURCES)
	$(PIP) install --quiet --editable '.[serve]' --group demo
	@touch $@

$(VENV)/dev.stamp: $(VENV)/bin/python $(SOURCES)
	$(PIP) install --quiet --editable '.[serve]' --group dev
	@touch $@

$(VENV)/docs.stamp: $(VENV)/bin/python pyproject.toml
	$(PIP) install --quiet --group docs
	@touch $@
