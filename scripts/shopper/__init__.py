"""The command line and library beside the dbt project: load, run, publish, generate, accept."""
