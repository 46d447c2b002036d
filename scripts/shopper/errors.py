"""Errors that a user can act on, each with its exit code for schedulers.

0 done; 1 a check failed or nothing could be published; 2 bad configuration or input; 3 nothing selected; 75 another
process has a needed lock.
"""

from __future__ import annotations

import errno
from typing import ClassVar, Final

# Values of environment variables that a mapping uses, each with the text that messages show instead.
_NOT_SHOWN: dict[str, str] = {}
_SHORTEST_HIDDEN: Final = 4
# What DuckDB says if another process has a file open. Here, where it can be read without importing DuckDB.
LOCK_CONFLICT: Final = "Could not set lock"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def do_not_show(value: str, name: str) -> None:
    """From now on, messages have `${name}` where they would have this value of an environment variable."""
    if len(value) >= _SHORTEST_HIDDEN:
        _NOT_SHOWN[value] = f"${{{name}}}"


def show_all() -> None:
    """Forget what must not be shown: a new call has a mapping of its own."""
    _NOT_SHOWN.clear()


class ShopperError(Exception):
    """An error with a message for the user (what, where, what was expected), shown without a stack trace."""

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        text = super().__str__()
        for value in sorted(_NOT_SHOWN, key=len, reverse=True):
            text = text.replace(value, _NOT_SHOWN[value])
        return text


class CheckFailed(ShopperError):
    """A check failed, or there is nothing to publish. The published data has not changed."""

    exit_code = 1


class BadInput(ShopperError):
    """Invalid configuration or input. Nothing has changed."""

    exit_code = 2


def not_written(place: object, error: OSError) -> ShopperError:
    """The error of a place that can't be written: CheckFailed if it has no room, else BadInput."""
    if error.errno in _NO_ROOM:
        return CheckFailed(f"{place}: {error.strerror}; nothing has changed")
    return BadInput(f"{place}: not a writable folder ({error.strerror})")


class NothingSelected(ShopperError):
    """The selection contains nothing to build or publish. Nothing has changed."""

    exit_code = 3


class Locked(ShopperError):
    """Another process has a lock that this one needs. Try again later (EX_TEMPFAIL)."""

    exit_code = 75
