"""How much one answer may take."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import Final

import duckdb

from shopper.errors import BadInput

_MOST_MEMORY: Final = 6 * 2**30


@dataclass(frozen=True)
class Limits:
    """rows: of an answer. seconds: of a query. characters: of all values of an answer. sql: characters of a query.

    sample: a rate over fewer is called a small number.
    """

    rows: int = 200
    seconds: float = 10.0
    characters: int = 60_000
    sql: int = 10_000
    sample: int = 30


def limit_memory() -> None:
    """Bound the memory of this process, so that one query, whatever it does, can't take that of the machine."""
    if sys.platform != "win32":
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = _MOST_MEMORY if hard == resource.RLIM_INFINITY else min(_MOST_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


@contextmanager
def stopped_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what the connection does after this time. Raises BadInput, one sentence, if it was interrupted."""
    timer = Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise BadInput(
            f"the query was stopped after {seconds:g} seconds; ask for fewer rows, a shorter time or no cross join"
        ) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise BadInput("the query needs more memory than an answer may take; ask for less at once") from error
    finally:
        timer.cancel()
