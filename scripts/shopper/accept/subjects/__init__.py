"""Checks by subject; a new mart's checks join the list of its subject's module, and a new module joins `CHECKS`."""

from __future__ import annotations

from typing import Final

from shopper.accept.check import Check
from shopper.accept.subjects import (
    attribution,
    channels,
    conversion,
    customers,
    leaving,
    orders,
    raw_rows,
    run,
    sessions,
    shoppers,
    value,
)

CHECKS: Final[tuple[Check, ...]] = (
    *run.CHECKS,
    *raw_rows.CHECKS,
    *orders.CHECKS,
    *sessions.CHECKS,
    *conversion.CHECKS,
    *customers.CHECKS,
    *leaving.CHECKS,
    *shoppers.CHECKS,
    *channels.CHECKS,
    *attribution.CHECKS,
    *value.CHECKS,
)
"""Every check, upstream first, so that the first that differs is the one to look at."""
