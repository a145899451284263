# Every target sets up what it needs in .venv; python3 (3.11 to 3.13) and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOGS ?= data/sample
PERIOD ?= last-quarter
OUT ?= reports
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
MEGABYTES ?= 100 1000
BACKUPS ?= 10000 100000 1000000
INTERVALS ?= 10000 100000 1000000 10000000

.DEFAULT_GOAL := help
.PHONY: help report test lab bench strip clean

help:  ## list these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 16
	@echo
	@echo "  make report LOGS=path/to/your/logs PERIOD=2026Q3 OUT=folder"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info[:2] <= (3, 13); sys.exit(0 if ok else "Expected Python 3.11 to 3.13, got %d.%d; run: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Expected python3 with its venv module; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(VENV)/installed $@

report: $(VENV)/installed  ## reports and a deck from the logs in data/sample (or LOGS=...), into reports/
	$(BIN)/continuity report --logs $(LOGS) --period $(PERIOD) --out $(OUT)

test: $(VENV)/installed-dev  ## style and all tests
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

lab: $(VENV)/installed  ## JupyterLab on notebooks/explore.ipynb
	$(BIN)/jupyter lab notebooks/explore.ipynb

bench: $(VENV)/installed-dev  ## speed beside peers: intervals, lifetimes, exposure, simulated years, files of lines (INTERVALS="10000 100000", MEGABYTES="100 1000")
	$(BIN)/python benchmarks/intervals.py --sizes $(INTERVALS)
	$(BIN)/python benchmarks/lifetimes.py
	$(BIN)/python benchmarks/exposure.py --sizes $(BACKUPS)
	$(BIN)/python benchmarks/simulation.py
	$(BIN)/python benchmarks/streaming.py --megabytes $(MEGABYTES)

strip: $(VENV)/installed  ## remove outputs from notebooks before a commit
	$(BIN)/jupyter nbconvert --log-level=WARN --clear-output --inplace \
		--ClearMetadataPreprocessor.enabled=True \
		--ClearMetadataPreprocessor.preserve_cell_metadata_mask tags \
		--ClearMetadataPreprocessor.preserve_cell_metadata_mask slideshow \
		--ClearMetadataPreprocessor.preserve_nb_metadata_mask kernelspec $(NOTEBOOKS)

clean:  ## remove the environment and everything generated
	rm -rf $(VENV) $(OUT) build dist .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
