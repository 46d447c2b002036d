"""`shopper rollback`: readers get an earlier generation by one change of the link, and nothing is lost."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from running import Shopper, rows
from shopper.locks import exclusive
from shopper.publish.generations import Generations, Keep
from shopper.publish.publishing import publish

NOW = datetime(2024, 1, 31, 3, 0, tzinfo=UTC)


class Published:
    """A publish folder whose generations differ in their number of orders."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "published"
        self.generations = Generations(self.folder)
        self._warehouse = place / "shop.duckdb"
        self._made = 0

    def add(self, keep: Keep = Keep(9), at: datetime | None = None) -> str:  # noqa: B008
        """Publish a generation with one more order than the previous one. Returns its id."""
        self._made += 1
        with duckdb.connect(str(self._warehouse)) as connection:
            connection.execute("create schema if not exists marts")
            connection.execute(f"create or replace table marts.orders as select range from range({self._made})")
        return publish(self._warehouse, self.folder, keep, at or NOW + timedelta(hours=self._made)).id

    def orders(self) -> object:
        """Number of orders that readers see."""
        return rows(self.folder / "shop.duckdb", "select count(*) from marts.orders")[0][0]


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    made = Published(tmp_path)
    monkeypatch.setenv("SHOPPER_PUBLISH", str(made.folder))
    return made


@pytest.fixture
def shopper(monkeypatch: pytest.MonkeyPatch) -> Shopper:
    """The command line in this process."""
    from typer.testing import CliRunner

    from running import ROOT, Ran
    from shopper.cli import app

    monkeypatch.setenv("SHOPPER_PROJECT", str(ROOT))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Ran:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        return Ran(result.exit_code, " ".join(result.output.split()))

    return run


def test_repeated_rollbacks_go_back_step_by_step(published: Published, shopper: Shopper) -> None:
    ids = [published.add() for _ in range(3)]
    assert f"now get generation {ids[1]} instead of {ids[2]}" in shopper("rollback").output
    assert published.orders() == 2
    assert shopper("rollback").code == 0
    assert published.orders() == 1
    result = shopper("rollback")
    assert result.code == 2 and "there is none to go back to" in result.output
    assert published.generations.ids() == ids
    assert shopper("rollback", "--to", ids[2]).code == 0
    assert published.orders() == 3


def test_a_generation_after_a_rollback_follows_the_one_rolled_back_to(published: Published, shopper: Shopper) -> None:
    first, _second = published.add(), published.add()
    shopper("rollback")
    third = published.add()
    assert published.generations.current() == third
    assert published.orders() == 3
    shopper("rollback")
    assert published.generations.current() == first  # not the second generation, which the rollback left


def test_pruning_never_removes_the_current_generation(published: Published, shopper: Shopper) -> None:
    first = published.add()
    published.add()
    shopper("rollback")
    assert published.generations.prune(Keep(1), NOW + timedelta(days=1)) == []
    assert published.generations.current() == first and published.orders() == 1


def test_generations_are_kept_by_number_and_by_age(published: Published) -> None:
    days = [NOW + timedelta(days=day) for day in range(6)]
    ids = [published.add(Keep(2, days=3), day) for day in days]
    assert published.generations.ids() == ids[-4:]  # of days 2 to 5: none is older than three days
    later = published.add(Keep(2, days=3), NOW + timedelta(days=60))
    assert published.generations.ids() == [ids[-1], later]  # two are kept at any age


def test_the_list_marks_the_current_generation_and_changes_nothing(published: Published, shopper: Shopper) -> None:
    ids = [published.add() for _ in range(2)]
    shown = shopper("rollback", "--list").output
    assert f"current {ids[1]}" in shown and shown.index(ids[1]) < shown.index(ids[0])
    assert published.generations.current() == ids[1]


def test_an_unknown_generation_is_refused_with_the_known_ones(published: Published, shopper: Shopper) -> None:
    generation = published.add()
    result = shopper("rollback", "--to", "20200101T000000Z-001")
    assert result.code == 2 and generation in result.output
    result = shopper("rollback", "--to", "../../somewhere")
    assert result.code == 2
    assert published.orders() == 1


def test_without_a_publication_a_rollback_is_refused(published: Published, shopper: Shopper) -> None:
    result = shopper("rollback")
    assert result.code == 2 and "nothing is published" in result.output
    assert not published.folder.exists()


@pytest.mark.parametrize("harm", ["file gone", "rows gone", "no database"])
def test_an_incomplete_generation_is_refused(harm: str, published: Published, shopper: Shopper) -> None:
    first, second = published.add(), published.add()
    file = published.generations.path(first) / "shop.duckdb"
    if harm == "file gone":
        file.unlink()
    elif harm == "rows gone":
        with duckdb.connect(str(file)) as connection:
            connection.execute("delete from marts.orders")
    else:
        file.write_bytes(b"x" * 100_000)
    result = shopper("rollback")
    assert result.code == 1, result.output
    assert published.generations.current() == second and published.orders() == 2


def test_a_rollback_is_refused_during_a_publication(published: Published, shopper: Shopper) -> None:
    published.add()
    published.add()
    with exclusive(published.folder / ".publish.lock", "shopper publish"):
        result = shopper("rollback")
    assert result.code == 75 and f"process {os.getpid()} (shopper publish) since" in result.output
    assert published.orders() == 2


def test_a_manifest_has_the_previous_generation(published: Published) -> None:
    first, second = published.add(), published.add()
    manifest = json.loads((published.folder / "current" / "generation.json").read_text(encoding="utf-8"))
    assert (manifest["id"], manifest["follows"]) == (second, first)
