"""An erasure that was killed: called again or not, nothing of the customer stays where a copy can be."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from running import ROOT, Shopper, rows
from shopper.casts import CastRules
from shopper.contract import load_contract
from shopper.erasure.pending import Pending, pending
from shopper.erasure.rewriting import remove_copies, rewrite_without
from shopper.errors import BadInput, CheckFailed
from shopper.forget import forgetting
from shopper.run.config import RunConfig, default_config

GONE = "anna-forget-7f3a"


class Killed(BaseException):
    """Nothing catches it, as nothing catches SIGKILL."""


@pytest.fixture
def config(tmp_path: Path) -> RunConfig:
    """A working file with the orders of two customers, never published."""
    (tmp_path / "published/generations").mkdir(parents=True)
    warehouse = tmp_path / "shop.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema raw")
        connection.execute(
            f"create table raw.orders as from (values ('o1', '{GONE}'), ('o2', 'ben')) as rows(order_id, customer_id)"
        )
    found = default_config(ROOT, warehouse=warehouse, publish=tmp_path / "published")
    return replace(found, variables={"raw_data": "source"})


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException | None], None]:
    """Say how the run inside an erasure ends: killed, or published."""

    def set_end(killed: BaseException | None) -> None:
        def run(*_arguments: object, **_options: object) -> SimpleNamespace:
            if killed:
                raise killed
            return SimpleNamespace(exit_code=0, generation="20240101T000000Z-001", report=None, message="")

        monkeypatch.setattr(forgetting, "run", run)

    return set_end


def holds(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and GONE.encode() in path.read_bytes()]


def test_the_same_command_completes_it(config: RunConfig, ending: Callable[..., None], tmp_path: Path) -> None:
    ending(Killed())
    with pytest.raises(Killed):
        forgetting.forget(config, (GONE,))
    rules = CastRules(ROOT, config.variables)
    assert pending(config.warehouse, rules, (GONE, "ben")) == Pending(True, (GONE,))
    ending(None)
    assert forgetting.forget(config, (GONE,)).erased is None
    assert pending(config.warehouse, rules) == Pending(False, ())
    assert holds(tmp_path) == []
    with pytest.raises(BadInput, match="not found in any raw table"):
        forgetting.forget(config, (GONE,))


def test_another_customer_is_erased_along_with_it(config: RunConfig, ending: Callable[..., None]) -> None:
    ending(Killed())
    with pytest.raises(Killed):
        forgetting.forget(config, (GONE,))
    ending(None)
    done = forgetting.forget(config, (GONE, "ben"))
    assert done.erased is not None and done.erased.accounts == ("ben",)
    assert rows(config.warehouse, "select count(*) from raw.orders") == [(0,)]


@pytest.mark.parametrize("at", ["copying", "replacing"])
def test_a_kill_while_rewriting_leaves_all_or_nothing(at: str, config: RunConfig, tmp_path: Path) -> None:
    """The process ends without any cleaning up."""
    rules, contract = CastRules(ROOT), load_contract(ROOT)
    child = os.fork()
    if child == 0:
        method = "replace" if at == "replacing" else "resolve"
        original = getattr(Path, method)

        def end(path: Path, *arguments: object) -> object:
            if at == "replacing" or (tmp_path / ".shop.forgetting").exists():
                os._exit(9)
            return original(path, *arguments)

        setattr(Path, method, end)
        try:
            if at == "copying":
                from shopper.erasure import rewriting

                rewriting.find_people = lambda *_arguments: os._exit(9)
            rewrite_without(config.warehouse, contract, rules, (GONE,))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert (tmp_path / ".shop.forgetting").exists()
    assert rows(config.warehouse, "select count(*) from raw.orders") == [(2,)]
    remove_copies(config.warehouse)
    assert holds(tmp_path) == ["shop.duckdb"]
    rewrite_without(config.warehouse, contract, rules, (GONE,))
    assert holds(tmp_path) == []


def test_a_full_disk_changes_nothing(config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shopper.erasure import rewriting

    def full(*_arguments: object) -> None:
        raise duckdb.IOException("could not write: No space left on device")

    monkeypatch.setattr(rewriting, "_compact", full)
    with pytest.raises(CheckFailed, match=r"nothing changed.*No space left on device"):
        rewrite_without(config.warehouse, load_contract(ROOT), CastRules(ROOT), (GONE,))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["shop.duckdb"]
    assert rows(config.warehouse, "select count(*) from raw.orders") == [(2,)]


def test_of_a_linked_warehouse_the_file_itself_is_rewritten(config: RunConfig, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    config.warehouse.rename(tmp_path / "elsewhere/shop.duckdb")
    config.warehouse.symlink_to("elsewhere/shop.duckdb")
    rewrite_without(config.warehouse, load_contract(ROOT), CastRules(ROOT), (GONE,))
    assert config.warehouse.is_symlink() and holds(tmp_path) == []
    assert rows(config.warehouse, "select customer_id from raw.orders") == [("ben",)]


def test_a_rejected_line_of_an_erased_customer_is_not_kept(config: RunConfig, tmp_path: Path, shopper: Shopper) -> None:
    rewrite_without(config.warehouse, load_contract(ROOT), CastRules(ROOT), (GONE,))
    lines = f"order_id,customer_id,ordered_at\n1,ben,2024-01-01\n2,{GONE},2024-01-01,too,long\n3,ben,2024-01-01,x,y\n"
    (tmp_path / "orders.csv").write_text(lines)
    mapping = tmp_path / "mapping.yml"
    mapping.write_text("sources: {shop: {path: orders.csv}}\ntables: {orders: {source: shop}}\n")
    result = shopper("load", mapping, "--warehouse", config.warehouse, "--allow-rejects", 2)
    assert result.code == 0 and GONE not in result.output, result.output
    assert rows(config.warehouse, "select line_text from landing.rejects") == [("3,ben,2024-01-01,x,y",)]
    assert GONE.encode() not in config.warehouse.read_bytes()


@pytest.mark.parametrize(
    ("file", "lines"),
    [
        ("orders.jsonl", '{"order_id": 2, "customer_id": %s, "ordered_at": 1, "order_id": 2}'),
        ("orders.jsonl", '{"order_id":2,"customer_id":%s,"ordered_at":1,"order_id":2}'),
        ("orders.csv", "order_id~customer_id~ordered_at\n2~%s~2024-01-01~Anna"),
        ("orders.csv", "order_id~customer_id~ordered_at\n2~ K %s ~2024-01-01~Anna"),
    ],
)
def test_a_rejected_line_is_known_by_its_id_whatever_stands_around_it(
    file: str, lines: str, config: RunConfig, tmp_path: Path, shopper: Shopper
) -> None:
    number = "471123"
    with duckdb.connect(str(config.warehouse)) as connection:
        connection.execute(f"insert into raw.orders by name select '5' as order_id, '{number}' as customer_id")
        connection.execute(f"insert into raw.orders by name select '6' as order_id, 'K {number}' as customer_id")
    gone = (number, f"K {number}")
    rewrite_without(config.warehouse, load_contract(ROOT), CastRules(ROOT), gone)
    good = "" if file.endswith("csv") else '{"order_id": 1, "customer_id": "ben", "ordered_at": "2024-01-01"}\n'
    (tmp_path / file).write_text(good + lines % number + "\n")
    mapping = tmp_path / "mapping.yml"
    options = ', delimiter: "~"' if file.endswith("csv") else ""
    mapping.write_text(f"sources: {{shop: {{path: {file}{options}}}}}\ntables: {{orders: {{source: shop}}}}\n")
    result = shopper("load", mapping, "--warehouse", config.warehouse, "--allow-rejects", 2)
    assert result.code == 0, result.output
    assert number.encode() not in config.warehouse.read_bytes()
