"""The command line and library beside the dbt project: load, publish, generate, accept."""
