"""The short form of `make soak`: nights with a kill, a faulty delivery and an erasure end as one load would."""

from __future__ import annotations

import random
from pathlib import Path

from running import ROOT
from shopper.bench.endurance.soak import SoakedShop


def test_nights_with_accidents_equal_one_load(tmp_path: Path) -> None:
    shop = SoakedShop(ROOT, tmp_path)
    first, *_rest, last = (shop.night(number, random.Random(1)) for number in (0, 3, 5, 11))
    assert last.generations <= 4 and last.beside_bytes < 2 * first.beside_bytes
    assert shop.differences_from_one_load(11) == []
