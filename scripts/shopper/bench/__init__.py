"""Benchmarks: time and memory of the project, compared with common packages, and endurance tests."""
