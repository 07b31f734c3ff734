# Two commands for a fresh machine: `make demo` and `make test`. Both need Python 3.11 or later and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test check quick fresh mutants lint bench clean

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

# Before every commit, in two minutes: lint, types, import order and the tests that are quick.
# At once, because the types alone keep one core busy for half of it.
check: $(VENV)/test-installed
	$(MAKE) -j 2 lint quick

quick: $(VENV)/test-installed
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

# What CI runs: the same with every test. The slowest are named, so that growth is seen.
test: lint
	$(BIN)/python -m pytest -n 2 --dist worksteal --durations=40

# Not part of CI, for it may find something new on any day: properties alone, with draws that are new each time and ten
# times as many. What it finds is mended and kept as an @example.
fresh: $(VENV)/test-installed
	$(BIN)/python -m pytest -n 2 --dist worksteal -m hypothesis --hypothesis-profile=fresh

# Not part of CI: small changes of what decides findings and answers, 180 drawn by a seed, and which of them no test
# notices. Half an hour. Another draw: make mutants MUTANTS='--sample 60 --seed 1 --rooms statistics'
mutants: $(VENV)/test-installed
	$(BIN)/python -m tests.mutants $(MUTANTS)

lint: $(VENV)/test-installed
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

bench: $(VENV)/test-installed
	$(BIN)/python benchmarks/throughput.py

clean:
	rm -rf $(VENV) demo
