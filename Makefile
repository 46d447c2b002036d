# `make build` and `make test` are all that most people need; the small targets behind them can be used alone.
PYTHON ?= python3
VENV ?= .venv
BIN := $(CURDIR)/$(VENV)/bin
export PATH := $(BIN):$(PATH)
export PYTHONPATH :=
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.NOTPARALLEL:
.PHONY: build test env warehouse accept publish lint unit check compare docs format clean help

## build: the environment, the warehouse from the sample shop, the acceptance report, publication
build: warehouse accept publish

## test: the environment, lint, dbt build with every data and unit test, the acceptance and property tests
test: lint warehouse unit

## env: the Python environment in .venv
env: $(VENV)/.installed

$(VENV)/.installed: requirements.txt requirements/base.in pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

## warehouse: dbt build on the sample shop, with all data and unit tests
warehouse: env
	dbt build

## accept: after `make warehouse`, compare the built warehouse with an independent computation and with the planted truths
accept: env
	shopper accept

## publish: after `make warehouse`, a new generation of marts for BI under published/
publish: env
	shopper publish

## lint: SQL and Python style
lint: env
	ruff check scripts tests
	mypy
	sqlfluff lint --processes 2 models tests analyses

## format: mend what can be mended by machine
format: env
	ruff check --fix scripts tests
	sqlfluff fix --processes 2 models tests analyses

## unit: the Python tests (acceptance, properties, faults)
unit: env
	pytest --numprocesses 2 --dist loadgroup

$(VENV)-check/.installed: requirements/check.txt
	$(PYTHON) -m venv $(VENV)-check
	$(VENV)-check/bin/pip install --quiet --disable-pip-version-check --requirement requirements/check.txt
	touch $@

## check: layers, names, contracts and documentation, from dbt's manifest (an environment of its own)
check: env $(VENV)-check/.installed
	dbt parse --no-partial-parse --show-all-deprecations
	$(VENV)-check/bin/dbt-bouncer run --config-file dbt-bouncer.yml

$(VENV)-compare/.installed: requirements/compare.txt
	$(PYTHON) -m venv $(VENV)-compare
	$(VENV)-compare/bin/pip install --quiet --disable-pip-version-check --requirement requirements/compare.txt
	touch $@

## compare: our numbers beside those of the packages that the field uses (an environment of its own; needs a C++ compiler)
compare: env $(VENV)-compare/.installed
	$(VENV)-compare/bin/python -m pytest -m comparison

## docs: one self-contained page with every model, column and test
docs: env
	dbt docs generate --static

## clean: remove what was built, keep the environments
clean:
	rm -rf target logs warehouse/*.duckdb* warehouse/spill

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)
