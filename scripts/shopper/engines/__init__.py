"""The same models on other engines: dbt 2, another DuckDB, Spark; the estimates between builds; one digest a mart."""
