"""Helpers for SQL text and DuckDB errors."""

from __future__ import annotations

import re
from typing import Final

import duckdb

from shopper.errors import LOCK_CONFLICT

# Storage format that DuckDB clients since 1.4 can read.
STORAGE_VERSION: Final = "v1.4.0"


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def reason(error: duckdb.Error) -> str:
    """DuckDB's error message on one line, without the kind of error and the query text."""
    message = str(error).split("\n\nLINE ")[0].split("\nLINE ")[0]
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    first = " ".join(lines[:2]) if lines else type(error).__name__
    first = first.removesuffix(" Possible solutions:")
    # "Out of Memory" is kept: it is the only kind that tells the user what to do.
    return re.sub(r"^(?!Out of Memory)[A-Z][A-Za-z ]* Error: ", "", first)


def is_lock_conflict(message: str) -> bool:
    """Whether DuckDB's message means that another process has the file open."""
    return LOCK_CONFLICT in message


def lock_holder(message: str) -> str:
    """The process named in DuckDB's message about a lock conflict."""
    found = re.search(r"Conflicting lock is held in (.+?) \(PID (\d+)\)", message)
    return f"process {found.group(2)} ({found.group(1)})" if found else "another process"


def is_unicode(text: str) -> bool:
    """Whether the text can be written as UTF-8. A file name or an argument of other bytes can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
