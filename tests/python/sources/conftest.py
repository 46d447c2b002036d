"""The compiled models on empty raw tables, once for all ready sources."""

from __future__ import annotations

import pytest
from source_base import build_base

from replay import Replay


@pytest.fixture(scope="session")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    return build_base(tmp_path_factory.mktemp("sources"))
