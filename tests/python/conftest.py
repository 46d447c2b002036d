"""Shared fixtures: the project, a new warehouse, the command line, the real data, the built sample shop."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import parsing
import scheduling
from running import REAL_DATA, ROOT, Ran, Shopper
from sharing import built_once, of_all_processes

COMPARISON = Path(__file__).parent / "comparison"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests in `comparison/`, which `make compare` runs. What takes longest begins first."""
    for item in items:
        if COMPARISON in item.path.parents:
            item.add_marker(pytest.mark.comparison)
    items.sort(key=lambda item: scheduling.place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The order in which processes take tests."""
    return scheduling.scheduler(config, log)


@pytest.fixture
def root() -> Path:
    """The dbt project."""
    return ROOT


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a warehouse that does not exist yet. `shopper` and dbt use it."""
    path = tmp_path / "warehouse" / "shop.duckdb"
    monkeypatch.setenv("SHOPPER_WAREHOUSE", str(path))
    return path


@pytest.fixture
def shopper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shopper:
    """Calls the command line in this process: `shopper("load", path)`. No test writes the project's own warehouse."""
    from shopper.cli import app

    monkeypatch.setenv("SHOPPER_PROJECT", str(ROOT))
    if "SHOPPER_WAREHOUSE" not in os.environ:
        monkeypatch.setenv("SHOPPER_WAREHOUSE", str(tmp_path / "warehouse" / "shop.duckdb"))

    def run(*arguments: object) -> Ran:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return Ran(result.exit_code, " ".join(result.output.split()))

    return run


@pytest.fixture
def real_data() -> Callable[[str], Path]:
    """The path of a real data set that is not part of the project. Without the data, the test is skipped."""

    def path(name: str) -> Path:
        found = Path(os.environ.get("SHOPPER_REAL_DATA", REAL_DATA)) / name
        if not found.exists():
            pytest.skip(f"{name} is not here (looked in {found.parent})")
        return found

    return path


@pytest.fixture(scope="session", autouse=True)
def few_collections() -> None:
    """As shopper.dbt does for its calls: much of what tests compute stays to their end."""
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def parsed_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Dbt parses the project once for vars that decide the same, and writes artifacts where a test asks for them."""
    with pytest.MonkeyPatch.context() as patch:
        parsing.share(of_all_processes(tmp_path_factory), patch)
        yield


@pytest.fixture(scope="session")
def built() -> Path:
    """The project's warehouse, which `make warehouse` fills with the sample shop. Do not change it."""
    from shopper.project import project_root, warehouse_path

    found = warehouse_path(project_root())
    if not found.exists():
        pytest.skip(f"{found} is not there; `make warehouse` builds it")
    return found


@pytest.fixture(scope="session")
def sample_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop, built once, without data tests and unit tests. Do not change it: make a copy."""
    from shopper.dbt import WITHOUT_TESTS, run_dbt

    def build(folder: Path) -> None:
        run_dbt(
            ["build", *WITHOUT_TESTS, "--write-json"],
            warehouse=folder / "shop.duckdb",
            target=folder / "target",
        )

    return built_once(tmp_path_factory, "sample", build) / "shop.duckdb"
