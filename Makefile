# Everything sets itself up: the first target that needs .venv makes it, with uv where uv can be had.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo demo-stop test check format lock benchmark shapes clean help

help:  ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(STAMP)  ## generate a small archive, take it in, ask three questions, leave the server running
	$(BIN)/orrery demo

demo-stop: $(STAMP)  ## stop the server that the demo left running
	$(BIN)/orrery stop --data demo-data/catalogue

test: $(STAMP)  ## run the tests
	$(BIN)/pytest

check: $(STAMP)  ## format, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_layers.py

format: $(STAMP)  ## let ruff format and mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmark: $(STAMP)  ## measure; figures go into benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.ingest_rate

shapes: $(STAMP)  ## renew the published SHACL shapes from bounds, table and ontology
	$(BIN)/python -m ontology.shacl > ontology/shapes/records.ttl

lock: $(STAMP)  ## lock the newest versions that pyproject.toml admits
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --extra dev -o requirements.lock pyproject.toml

$(STAMP): requirements.lock pyproject.toml
	sh scripts/set_up.sh $(PYTHON) $(VENV)
	@touch $(STAMP)

clean:  ## forget the environment and the demo
	rm -rf $(VENV) demo-data
