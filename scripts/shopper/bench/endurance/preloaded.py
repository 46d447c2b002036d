"""Imports everything that a run needs. Loaded once by the server process that calls are forked from."""

# ruff: noqa: E402, F401

import sys

# DuckDB treats a process without a main file as interactive and would draw progress bars.
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
