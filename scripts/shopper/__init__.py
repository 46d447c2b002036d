"""Command line and library for the dbt project: load, run, publish, generate, accept and more."""
