# Two commands for a fresh machine: `make demo` and `make test`. Both need Python 3.11 or later and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

PYTEST = $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

.PHONY: demo site test check quick most update nightly durations fresh mutants lint bench wheel matrix lowest advisories clean

$(VENV)/demo-installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -e '.[all]'
	touch $@

$(VENV)/test-installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -e '.[test]'
	touch $@ $(VENV)/demo-installed

$(VENV)/tools-installed: Makefile
	$(PYTHON) -m venv $(VENV)/tools
	$(VENV)/tools/bin/pip install --quiet build twine check-wheel-contents uv pip-audit
	touch $@

# Generate data of the founding task, run the founding study, write the report.
demo: $(VENV)/demo-installed
	$(BIN)/brittlestar generate spr demo/data --long 25-60
	$(BIN)/brittlestar run examples/founding.yaml --out demo/founding.study
	@echo "open demo/founding.study/report/report.html in a browser"

# The site of docs/, into build/site: searchable without a network. A link that leads nowhere fails, and so does a page
# that no other names.
site: $(VENV)/test-installed build/demo/report.html
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -d build/read docs build/site
	cp build/demo/*.html build/site/demo
	@echo "open build/site/index.html in a browser"

# What the site shows of a real study: trained once, in minutes; `make clean` throws it away.
build/demo/report.html: $(VENV)/test-installed
	$(BIN)/python docs/demo.py build/demo

# Before every commit, in 90 seconds: lint, types, import order and the tests that are quick.
# At once, because the types alone keep one core busy for half of it.
check: $(VENV)/test-installed
	$(MAKE) -j 2 lint quick

quick: $(VENV)/test-installed
	$(PYTEST) -m "not slow and not nightly"

# What CI runs, in ten minutes on two cores: all that a user would miss.
test: $(VENV)/test-installed
	$(MAKE) -j 2 lint most

most: $(VENV)/test-installed
	$(PYTEST) -m "not nightly"

# After a change of what is printed, written or declared: everything that follows from the code is written anew, and the
# diff is what to read. Longest are the transcripts (minutes); a text between two `…` is mended by hand.
update: $(VENV)/test-installed
	$(BIN)/python docs/generate.py
	-UPDATE_SNAPSHOTS=1 UPDATE_GOLDEN=1 UPDATE_PAGES=1 $(PYTEST) -q -m "nightly or not nightly" tests/cli/test_terminal.py tests/formats tests/golden tests/records/test_golden.py tests/test_transcripts.py tests/test_gallery.py
	git diff --stat

# Before an issue is called resolved, in an hour: what tests/nightly.yaml lists, with the reason for each.
nightly: $(VENV)/test-installed
	$(PYTEST) -m nightly
	$(MAKE) fresh

# Write tests/durations.json, on a machine that does nothing else.
durations: $(VENV)/test-installed
	WRITE_DURATIONS=1 $(PYTEST)

# Not part of CI, for it may find something new on any day: properties alone, with draws that are new each time and ten
# times as many. What it finds is mended and kept as an @example.
fresh: $(VENV)/test-installed
	$(PYTEST) -m "hypothesis and not nightly" --hypothesis-profile=fresh

# Not part of CI: half an hour of small changes of what decides findings and answers, drawn at random, and those that no
# test notices. They are made in a copy of what is committed.
mutants: $(VENV)/test-installed
	rm -rf .mutants && git clone --quiet . .mutants && cd .mutants && $(abspath $(BIN))/cosmic-ray init tests/mutants.toml all.sqlite
	cd .mutants && PATH="$(abspath $(BIN)):$$PATH" PYTHONPATH=src timeout 30m $(abspath $(BIN))/cosmic-ray exec tests/mutants.toml all.sqlite || true
	cd .mutants && $(abspath $(BIN))/cr-report --surviving-only --show-diff all.sqlite

lint: $(VENV)/test-installed
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

bench: $(VENV)/test-installed
	$(BIN)/python benchmarks/throughput.py

# What is published: built, looked at, installed where nothing else is, and used.
wheel: $(VENV)/tools-installed
	rm -rf dist && $(VENV)/tools/bin/python -m build
	$(VENV)/tools/bin/twine check --strict dist/*
	$(VENV)/tools/bin/check-wheel-contents dist/*.whl
	$(PYTHON) -m tests.installing dist/*.whl --extras base

# The table of docs/reference/installing.md, in an hour: make matrix PYTHONS='python3.11 python3.12 python3.13'
PYTHONS ?= $(PYTHON)
matrix: wheel
	$(PYTHON) -m tests.installing dist/*.whl --pythons $(PYTHONS)

# Quick tests with the lowest versions that pyproject.toml allows; of PyTorch the newest. A new .venv has the newest of
# all. What tests need beside is of that time, too: a newer pyarrow needs a newer NumPy, a newer click warns.
lowest: $(VENV)/tools-installed
	$(VENV)/tools/bin/uv pip compile --quiet --no-deps --resolution lowest-direct --python-version 3.11 pyproject.toml --extra all | grep -v '^torch=' > $(VENV)/lowest.txt
	$(PYTHON) -m venv --clear $(VENV)/lowest
	$(VENV)/lowest/bin/pip install --quiet -c $(VENV)/lowest.txt -e '.[all]' pytest pytest-xdist pytest-timeout hypothesis 'click<8.3' 'pandas==2.2.*' 'pyarrow==15.*' 'datasets==4.0.*'
	$(VENV)/lowest/bin/python -m pytest -n 2 -m "not slow and not nightly" $(addprefix tests/,core statistics study data audits claims verbs reports store)

# Known weaknesses of what .venv holds; asks a service for them.
advisories: $(VENV)/tools-installed $(VENV)/test-installed
	$(VENV)/tools/bin/pip-audit --skip-editable --path $(VENV)/lib/python3.*/site-packages

clean:
	rm -rf $(VENV) demo dist build
