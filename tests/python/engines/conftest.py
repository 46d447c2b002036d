"""The environment of Spark, for the tests that need it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopper.dbt import PROJECT


@pytest.fixture(scope="session")
def spark_programs() -> Path:
    """Folder of the programs of the environment with Spark. The test is skipped where it is not installed."""
    folder = PROJECT / ".venv-spark" / "bin"
    if not (folder / "dbt").is_file():
        pytest.skip("Spark is not installed; make spark installs it")
    return folder
