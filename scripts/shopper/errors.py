"""Errors that a user can act on, each with the exit code that a scheduler reads.

0 done; 1 a check failed or nothing could be published; 2 bad configuration or input; 3 nothing selected; 75 another
process holds what is needed.
"""

from __future__ import annotations

from typing import ClassVar


class ShopperError(Exception):
    """One clear message: what, where, what was expected. Shown without a stack trace."""

    exit_code: ClassVar[int] = 1


class CheckFailed(ShopperError):
    """A check failed, or there is nothing fit to publish; nothing that was published has changed."""

    exit_code = 1


class BadInput(ShopperError):
    """Configuration or input that can't be used; nothing has changed."""

    exit_code = 2


class NothingSelected(ShopperError):
    """The selection leaves nothing to build or to publish; nothing has changed."""

    exit_code = 3


class Locked(ShopperError):
    """Another process holds what this one needs; try again later (EX_TEMPFAIL)."""

    exit_code = 75
