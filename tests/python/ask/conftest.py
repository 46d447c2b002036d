"""A publication of the sample shop, and the server over it."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from running import ROOT
from shopper.publish.generations import Keep
from shopper.publish.publishing import publish

# The SDK is only in the environment of `make mcp-test`.
collect_ignore_glob = [] if find_spec("mcp") else ["test_server.py", "test_questions.py"]


@pytest.fixture(scope="session")
def folder(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of publications, with one generation."""
    made = tmp_path_factory.mktemp("published")
    publish(built, made, Keep(), datetime(2025, 7, 1, 3, 0, tzinfo=UTC), artifacts=ROOT / "target")
    return made
