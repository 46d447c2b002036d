"""Planted truths measured in plain Python, by the definitions of the marts: name of truth to value."""
