"""Small pieces of SQL text."""

from __future__ import annotations

import re
from typing import Final

import duckdb

# Storage that every client since 1.4 can read.
STORAGE_VERSION: Final = "v1.4.0"


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
    first = first.removesuffix(" Possible solutions:")
    # Of the kinds only this one says what to do.
    return re.sub(r"^(?!Out of Memory)[A-Z][A-Za-z ]* Error: ", "", first)


def is_lock_conflict(message: str) -> bool:
    """DuckDB says that another process has the file open."""
    return "Could not set lock" in message


def lock_holder(message: str) -> str:
    """The process that DuckDB names in a lock conflict."""
    found = re.search(r"Conflicting lock is held in (.+?) \(PID (\d+)\)", message)
    return f"process {found.group(2)} ({found.group(1)})" if found else "another process"
