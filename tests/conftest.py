"""Which tests are held against other packages, and which run in one process because they share what is built once."""

from __future__ import annotations

from pathlib import Path

import pytest

COMPARISON = Path(__file__).parent / "comparison"
SHARED = ("built", "sample_warehouse")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one shared build stay in one process, the others by file."""
    for item in items:
        if COMPARISON in item.path.parents:
            item.add_marker(pytest.mark.comparison)
        shared = [fixture for fixture in SHARED if fixture in getattr(item, "fixturenames", ())]
        item.add_marker(pytest.mark.xdist_group(shared[0] if shared else str(item.path)))
