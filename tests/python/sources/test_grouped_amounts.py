"""Amounts of ads of which none has decimals: what a point means is told by the counts beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from running import Shopper, rows

META: Final = "Kampagnenname,Tag,Ausgegebener Betrag (EUR),Impressionen,Link-Klicks\n"
EXPORTS: Final = {
    "points before thousands": (META + 'Fr\u00fchling,2024-05-01,1.030,"12.500",40\n', ("1030", "12500", "40")),
    "points before decimals": (META + 'Fr\u00fchling,2024-05-01,1.030,"12,500",40\n', ("1.03", "12500", "40")),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_counts_tell_what_a_point_in_an_amount_means(
    name: str, tmp_path: Path, warehouse: Path, shopper: Shopper
) -> None:
    text, expected = EXPORTS[name]
    export, mapping = tmp_path / "meta.csv", tmp_path / "mapping.yml"
    export.write_text(text, encoding="utf-8")
    made = shopper("init", export, "--timezone", "Europe/Berlin", "--currency", "EUR", "--output", mapping)
    assert made.code == 0, made.output
    landed = shopper("load", mapping)
    assert landed.code == 0, landed.output
    found = rows(
        warehouse,
        "select cast(spend as decimal(18, 2)), cast(impressions as bigint), cast(clicks as bigint)"
        " from raw.marketing_spend",
    )
    assert [tuple(str(value).removesuffix(".00") for value in row) for row in found] == [expected]
