"""Which tests are held against other packages."""

from __future__ import annotations

from pathlib import Path

import pytest

COMPARISON = Path(__file__).parent / "comparison"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in `comparison/` is marked so, and run by `make compare`."""
    for item in items:
        if COMPARISON in item.path.parents:
            item.add_marker(pytest.mark.comparison)
