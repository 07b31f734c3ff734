# Two commands for a fresh machine: `make demo` and `make test`. Both need Python 3.11 or later and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test check bench clean

$(VENV)/demo-installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -e '.[all]'
	touch $@

$(VENV)/test-installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -e '.[test]'
	touch $@ $(VENV)/demo-installed

# Generate data of the founding task, run the founding study, write the report.
demo: $(VENV)/demo-installed
	$(BIN)/brittlestar generate spr demo/data
	$(BIN)/brittlestar run examples/founding.yaml --out demo/founding.study
	@echo "open demo/founding.study/report/report.html in a browser"

# Lint, types, import order, then every test.
test: $(VENV)/test-installed
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

bench: $(VENV)/test-installed
	$(BIN)/python benchmarks/throughput.py

clean:
	rm -rf $(VENV) demo
