"""Small pieces of SQL text."""

from __future__ import annotations

import re

import duckdb


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def reason(error: duckdb.Error) -> str:
    """What DuckDB says in one line, without the kind of error and the query's text."""
    message = str(error).split("\n\nLINE ")[0].split("\nLINE ")[0]
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    first = " ".join(lines[:2]) if lines else type(error).__name__
    return re.sub(r"^[A-Z][A-Za-z ]* Error: ", "", first)
