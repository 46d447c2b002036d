"""Estimators for the Python models: functions on arrays and Arrow tables, independent of dbt and the warehouse."""
