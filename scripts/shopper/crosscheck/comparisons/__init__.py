"""Checks by subject. Add the checks of a new mart to the module of its subject, and a new module to `CHECKS`."""

from __future__ import annotations

from typing import Final

from shopper.crosscheck.check import Check
from shopper.crosscheck.comparisons import (
    amounts,
    attribution,
    baskets,
    business,
    campaigns,
    channels,
    churn,
    conversion,
    customers,
    derived,
    experiments,
    orders,
    prices,
    products,
    raw_rows,
    run,
    service,
    sessions,
    shopper_types,
    value,
)

CHECKS: Final[tuple[Check, ...]] = (
    *run.CHECKS,
    *raw_rows.CHECKS,
    *orders.CHECKS,
    *amounts.CHECKS,
    *sessions.CHECKS,
    *conversion.CHECKS,
    *customers.CHECKS,
    *churn.CHECKS,
    *shopper_types.CHECKS,
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
    *derived.CHECKS,
)
"""Every check, upstream first: start with the first one that differs."""
