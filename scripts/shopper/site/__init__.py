"""The documentation site: the Markdown files of the project, the input contract, keys and references, dbt's page."""
