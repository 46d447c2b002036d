"""Estimators that the Python models call: plain functions on arrays, nothing of dbt or of the warehouse."""
