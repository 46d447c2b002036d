"""Benchmarks: what the project takes, side by side with what people use instead."""
