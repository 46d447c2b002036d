"""`shopper rollback`: readers get an earlier generation by one change of the link, and nothing is lost by it."""

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
    """A publish folder whose generations are told apart by their number of orders."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "published"
        self.generations = Generations(self.folder)
        self._warehouse = place / "shop.duckdb"
        self._made = 0

    def add(self, keep: Keep = Keep(9), at: datetime | None = None) -> str:  # noqa: B008
        """Publish a generation with one order more than the one before it; the result is its id."""
        self._made += 1
        with duckdb.connect(str(self._warehouse)) as connection:
            connection.execute("create schema if not exists marts")
            connection.execute(f"create or replace table marts.orders as select range from range({self._made})")
        return publish(self._warehouse, self.folder, keep, at or NOW + timedelta(hours=self._made)).id

    def orders(self) -> object:
        """Orders that readers see."""
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


def test_readers_get_what_they_had_before_and_step_by_step_what_was_before_that(
    published: Published, shopper: Shopper
) -> None:
    ids = [published.add() for _ in range(3)]
    assert f"now get generation {ids[1]}, not {ids[2]}" in shopper("rollback").output
    assert published.orders() == 2
    assert shopper("rollback").code == 0
    assert published.orders() == 1
    result = shopper("rollback")
    assert result.code == 2 and "there is none to go back to" in result.output
    assert published.generations.ids() == ids
    assert shopper("rollback", "--to", ids[2]).code == 0
    assert published.orders() == 3


def test_the_next_publication_is_a_new_generation_and_goes_back_to_what_readers_had(
    published: Published, shopper: Shopper
) -> None:
    first, _second = published.add(), published.add()
    shopper("rollback")
    third = published.add()
    assert published.generations.current() == third
    assert published.orders() == 3
    shopper("rollback")
    assert published.generations.current() == first  # not the second, which was rolled back from


def test_pruning_never_takes_what_readers_have(published: Published, shopper: Shopper) -> None:
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
    assert published.generations.ids() == [ids[-1], later]  # two stay, however old


def test_the_list_says_what_is_current_and_changes_nothing(published: Published, shopper: Shopper) -> None:
    ids = [published.add() for _ in range(2)]
    shown = shopper("rollback", "--list").output
    assert f"current {ids[1]}" in shown and shown.index(ids[1]) < shown.index(ids[0])
    assert published.generations.current() == ids[1]


def test_a_generation_that_is_not_there_is_refused_with_those_that_are(published: Published, shopper: Shopper) -> None:
    generation = published.add()
    result = shopper("rollback", "--to", "20200101T000000Z-001")
    assert result.code == 2 and generation in result.output
    result = shopper("rollback", "--to", "../../somewhere")
    assert result.code == 2
    assert published.orders() == 1


def test_where_nothing_is_published_there_is_nothing_to_go_back_to(published: Published, shopper: Shopper) -> None:
    result = shopper("rollback")
    assert result.code == 2 and "nothing is published" in result.output
    assert not published.folder.exists()


@pytest.mark.parametrize("harm", ["file gone", "rows gone", "no database"])
def test_a_generation_that_is_not_whole_is_not_shown(harm: str, published: Published, shopper: Shopper) -> None:
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


def test_a_rollback_waits_for_a_publication(published: Published, shopper: Shopper) -> None:
    published.add()
    published.add()
    with exclusive(published.folder / ".publish.lock", "shopper publish"):
        result = shopper("rollback")
    assert result.code == 75 and f"process {os.getpid()} (shopper publish) since" in result.output
    assert published.orders() == 2


def test_a_manifest_says_what_it_followed(published: Published) -> None:
    first, second = published.add(), published.add()
    manifest = json.loads((published.folder / "current" / "generation.json").read_text(encoding="utf-8"))
    assert (manifest["id"], manifest["follows"]) == (second, first)
