"""What an order line sells, and the bundles that lines are parts of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from shopper.crosscheck.oracle.settings import Row

GOODS: Final = "goods"


def line_type(item: Row, product: Row | None) -> str:
    """What the line sells: as landed, else gift_card for such a product, else goods."""
    if item["line_type"]:
        return str(item["line_type"])
    return "gift_card" if product and product["product_kind"] == "gift_card" else GOODS


def parents(items: Iterable[Row], types: Mapping[str, str]) -> dict[str, str]:
    """Parent by part, of the lines of one order: both are goods, and no chain of parents leads back to its start."""
    goods = {item["order_item_id"]: item["parent_order_item_id"] for item in items}
    goods = {one: parent for one, parent in goods.items() if types[one] == GOODS}
    named = {one: parent for one, parent in goods.items() if parent in goods}
    return {one: parent for one, parent in named.items() if _ends(one, named)}


def _ends(one: str, named: Mapping[str, str]) -> bool:
    seen = set()
    while one in named:
        if one in seen:
            return False
        seen.add(one)
        one = named[one]
    return True


def root(one: str, found: Mapping[str, str]) -> str:
    """The line that is sold: the end of the chain of parents."""
    while one in found:
        one = found[one]
    return one
