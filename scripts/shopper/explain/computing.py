"""What a computation of a fitted value is: a function of one row of a mart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shopper.explain.warehouse import Warehouse

Computed = tuple[Mapping[str, Any], Any]
"""Inputs and parameters by name, and the value that follows from them."""
Compute = Callable[[Warehouse, Mapping[str, Any]], Computed]


@dataclass(frozen=True)
class Fitted:
    """A computation, the relations that it reads, and the columns of the mart that it is made of."""

    compute: Compute
    relations: tuple[str, ...]
    terms: tuple[str, ...] = ()
