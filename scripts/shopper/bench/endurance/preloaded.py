"""Imported once by the server that calls are forked from: all that a run needs."""

# ruff: noqa: E402, F401

import sys

# A process without a file of its own is taken for an interactive one by DuckDB, which then draws progress bars.
sys.modules["__main__"].__file__ = __file__

import dbt.adapters.duckdb
import dbt.cli.main
import dbt.task.build
import dbt.task.run_operation
import rich.console

import shopper.cli
import shopper.load.landing
import shopper.publish.command
import shopper.run.command
