"""Checks by subject; a new mart's checks join the list of its subject's module, and a new module joins `CHECKS`."""

from __future__ import annotations

from typing import Final

from shopper.crosscheck.check import Check
from shopper.crosscheck.comparisons import (
    attribution,
    baskets,
    business,
    campaigns,
    channels,
    conversion,
    customers,
    experiments,
    leaving,
    orders,
    prices,
    products,
    raw_rows,
    run,
    service,
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
    *baskets.CHECKS,
    *products.CHECKS,
    *experiments.CHECKS,
    *campaigns.CHECKS,
    *prices.CHECKS,
    *service.CHECKS,
    *business.CHECKS,
)
"""Every check, upstream first, so that the first that differs is the one to look at."""
