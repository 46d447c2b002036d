# `make build` and `make test` are all that most people need; the small targets behind them can be used alone.
PYTHON ?= python3
VENV ?= .venv
BIN := $(CURDIR)/$(VENV)/bin
export PATH := $(BIN):$(PATH)
export PYTHONPATH :=
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

# Python looks for unused objects seldom: a quarter less processor time.
SQLFLUFF := python -c 'import gc; gc.set_threshold(100_000, 50, 100); from sqlfluff.cli.commands import cli; cli()'

.NOTPARALLEL:
.PHONY: build test env warehouse accept publish lint unit check compare clients metrics superset dagster dashboard
.PHONY: dashboard-test mcp mcp-test dbt2 duckdb2 spark parity endurance full-disk soak mutation mutation-changed docs format clean
.PHONY: guarantees help v2

## build: the environment, the warehouse from the sample shop, the crosscheck, publication
build: warehouse accept publish

## test: the environment, lint, dbt build with every data and unit test, the Python tests
test: lint warehouse unit

## env: the Python environment in .venv
env: $(VENV)/.installed

$(VENV)/.installed: requirements.txt requirements/base.in pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

## warehouse: dbt build on the sample shop, with all data and unit tests; prints progress and what failed
warehouse: env
	shopper build
	mkdir -p target/ran
	cp target/run_results.json target/ran/warehouse.json

## accept: after `make warehouse`, compare the built warehouse with an independent computation and with the planted truths
accept: env
	shopper accept

## publish: after `make warehouse`, a new generation of marts for BI under published/
publish: env
	shopper publish

## lint: SQL and Python style
lint: env
	ruff check scripts tests orchestration
	mypy
	$(SQLFLUFF) lint --processes 2 models tests analyses

## guarantees: after `make test`, `make clients` and `make mcp-test`: every test that docs/guarantees.md and docs/security.md name ran and passed
guarantees: env
	PYTHONPATH=tests/python:scripts python tests/python/named_tests.py

## format: fix style automatically where possible
format: env
	ruff check --fix scripts tests orchestration
	$(SQLFLUFF) fix --processes 2 models tests analyses

## unit: the Python tests (everything under tests/python that needs no environment of its own)
unit: env
	pytest --numprocesses 2 --junitxml target/ran/unit.xml

# The heavier parts have environments of their own: requirements/<name>.txt in .venv-<name>.
$(VENV)-%/.installed: requirements/%.txt
	$(PYTHON) -m venv $(VENV)-$*
	$(VENV)-$*/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

## check: layers, names, contracts and documentation, from dbt's manifest (an environment of its own); SQL for Spark
check: env $(VENV)-check/.installed
	dbt parse --no-partial-parse --show-all-deprecations
	dbt parse --no-partial-parse --use-v2-parser --target-path target/v2
	$(VENV)-check/bin/dbt-bouncer run --config-file dbt-bouncer.yml
	mkdir -p target/portability
	cp target/partial_parse.msgpack target/portability/
	dbt compile --quiet --target-path target/portability
	python -m shopper.engines.portability target/portability/compiled

## compare: our numbers beside those of the packages that the field uses (needs a C++ compiler)
compare: env $(VENV)-compare/.installed
	$(VENV)-compare/bin/python -m pytest -m comparison

## clients: every published mart read by SQLAlchemy, pandas, Polars, ibis and ADBC while a run goes on, after `make warehouse`
clients: env $(VENV)-clients/.installed
	$(VENV)-clients/bin/python -m pytest tests/python/clients --junitxml target/ran/clients.xml

## metrics: `mf query` beside the marts, after `make warehouse`
metrics: env $(VENV)-metrics/.installed
	$(VENV)-metrics/bin/python -m pytest tests/python/metrics/test_mf.py

## superset: Superset over the published file, asked over its REST API, after `make build`
superset: $(VENV)-superset/.installed
	$(VENV)-superset/bin/python -m pytest --noconftest tests/python/bi

## dagster: the warehouse in Dagster (models as assets, tests as checks, a run every night)
dagster: env $(VENV)-dagster/.installed
	PATH="$(CURDIR)/$(VENV)-dagster/bin:$$PATH" $(VENV)-dagster/bin/python -m pytest tests/python/orchestration

## dbt2: the sample built by dbt 2, every mart compared, after `make warehouse` (needs npm, which brings its driver)
dbt2: env $(VENV)-dbt2/.installed
	cp requirements/dbt2.json $(VENV)-dbt2/package.json
	npm install --prefix $(VENV)-dbt2 --no-package-lock --no-audit --no-fund --silent
	shopper parity dbt2
	pytest tests/python/engines/test_dbt2_limits.py

## v2: another name of dbt2
v2: dbt2

## duckdb2: the sample built on DuckDB 2, every mart compared, after `make warehouse`
duckdb2: env $(VENV)-duckdb2/.installed
	shopper parity duckdb2
	pytest tests/python/engines/test_zones_by_name.py

## spark: the sample and bad input built on Spark 4, every mart compared, after `make warehouse` (needs Java 17 or newer)
spark: env $(VENV)-spark/.installed
	shopper parity spark
	pytest tests/python/engines/test_recursion.py tests/python/engines/test_bad_input.py

## parity: the sample built by dbt 2, on DuckDB 2 and on Spark 4; equal or not, mart by mart, after `make warehouse`
parity: env $(VENV)-dbt2/.installed $(VENV)-duckdb2/.installed $(VENV)-spark/.installed
	cp requirements/dbt2.json $(VENV)-dbt2/package.json
	npm install --prefix $(VENV)-dbt2 --no-package-lock --no-audit --no-fund --silent
	shopper parity

## dashboard: the pages over the published file, at http://localhost:8501, after `make build` or `shopper run`
dashboard: $(VENV)-dashboard/.installed
	PYTHONPATH=scripts $(VENV)-dashboard/bin/streamlit run scripts/shopper/dashboard/app.py

## dashboard-test: every page in both languages, its numbers against the marts, and in Chromium, after `make warehouse`
dashboard-test: env $(VENV)-dashboard/.installed
	$(VENV)-dashboard/bin/python -m pytest tests/python/dashboard

## mcp: the environment in which `shopper mcp` answers assistants; prints the configuration for their clients
mcp: $(VENV)-mcp/.installed
	PYTHONPATH=scripts $(VENV)-mcp/bin/python -m shopper.ask.clients

## mcp-test: sixty business questions asked over the Model Context Protocol, after `make warehouse`
mcp-test: env $(VENV)-mcp/.installed
	$(VENV)-mcp/bin/python -m pytest tests/python/ask --junitxml target/ran/ask.xml

## endurance: fifty runs killed at random moments, a hundred readers while runs publish (about ten minutes)
endurance: env
	python -m shopper.bench.endurance --kills 50 --readers 100
	SHOPPER_LAKE_READERS=50 SHOPPER_LAKE_PUBLICATIONS=20 pytest tests/python/publication/test_lake.py -k many_read

## full-disk: runs whose disk is full from one moment on (needs the right to mount)
full-disk: env
	python -m shopper.bench.endurance --kills 0 --readers 0 --full-disk

## soak: a year of nights of a small shop, with corrections, kills, faulty deliveries and erasures (half an hour)
soak: env
	python -m shopper.bench.endurance.soak --nights 365

## mutation: change one node of a model at a time; does a test notice? After `make warehouse` (hours; goes on where it stopped)
mutation: env
	python -m shopper.bench.mutation --page docs/trust.md

## mutation-changed: the same for models that differ from BASE=<commit>, or whose macros do (six faults each, three minutes)
mutation-changed: env
	python -m shopper.bench.mutation --changed-since "$(or $(BASE),HEAD~1)" --per-model 6 --minutes 3 --at-least 0.5

## docs: the documentation as one site, target/site, which needs no server (README, definitions, metrics, contract, dbt's page)
docs: env $(VENV)-docs/.installed
	mkdir -p target/docs
	test ! -e target/partial_parse.msgpack || cp target/partial_parse.msgpack target/docs/
	dbt docs generate --static --target-path target/docs
	python -m shopper.site.pages target/docs
	NO_MKDOCS_2_WARNING=1 $(VENV)-docs/bin/mkdocs build
	python -m shopper.site.links target/site

## clean: remove what was built, keep the environments
clean:
	rm -rf target logs warehouse/*.duckdb* warehouse/*.run warehouse/spill

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)
