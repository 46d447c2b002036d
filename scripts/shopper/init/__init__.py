"""A first mapping, drafted from the headers of a shop's files."""
