"""Measures planted truths in plain Python, by the definitions of the marts. Each function returns values by truth."""
