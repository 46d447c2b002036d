"""Erasure of customers from everything that the project stores, and exports of customer lists."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from running import ROOT, Ran
from shopper.casts import CastRules
from shopper.contract import load_contract
from shopper.erasure.people import find_people
from shopper.erasure.rewriting import rewrite_without
from shopper.errors import Locked
from shopper.export.exporting import Export, export
from shopper.publish.generations import Keep
from shopper.publish.publishing import publish

# Ids that can't occur by chance: an account, an account merged into it, a device, an order, a session.
GONE = ("anna-forget-7f3a", "anna-before-19cd", "device-forget-55ee", "order-forget-81b2", "visit-forget-c04d")
HAS_DUCKLAKE = find_spec("duckdb_extension_ducklake") is not None
MARTS = ["customers", "customer_tags", "orders", "sessions", "row_ledger", "quarantined_rows"]
FILES = {
    "customers": [
        ("customer_id", "city", "merged_into_customer_id", "referrer_customer_id", "registered_at"),
        (" anna-forget-7f3a ", "=cmd|' /C calc'!A0", "", "", "2024-01-01"),
        ("anna-before-19cd", "Lyon", "anna-forget-7f3a", "", "2023-06-01"),
        ("ben", "=cmd|' /C calc'!A0", "", "anna-forget-7f3a", "2024-01-05"),
        ("eve", "-1+2", "", "", "2024-01-06"),
    ],
    "products": [("product_id", "category"), ("p1", "books"), ("p2", "books")],
    "orders": [
        ("order_id", "customer_id", "visitor_id", "ordered_at", "status", "total_amount"),
        ("order-forget-81b2", "anna-forget-7f3a", "device-forget-55ee", "2024-02-01 10:00:00", "completed", "20"),
        ("o2", "anna-before-19cd", "shared", "2024-02-02 10:00:00", "completed", "30"),
        ("o3", "ben", "shared", "2024-02-03 10:00:00", "completed", "40"),
        ("o4", "anna-forget-7f3a", "", "no date at all", "completed", "50"),
        ("o5", "eve", "v-eve", "2024-02-05 10:00:00", "completed", "60"),
    ],
    "order_items": [
        ("order_item_id", "order_id", "product_id", "quantity", "unit_price"),
        ("i1", "order-forget-81b2", "p1", "1", "20"),
        ("i2", "o2", "p1", "1", "30"),
        ("i3", "o3", "p2", "1", "40"),
        ("i5", "o5", "p2", "1", "60"),
    ],
    "sessions": [
        ("session_id", "visitor_id", "customer_id", "started_at"),
        ("visit-forget-c04d", "device-forget-55ee", "", "2024-02-01 09:50:00"),
        ("s2", "shared", "ben", "2024-02-03 09:50:00"),
        ("s3", "shared", "anna-forget-7f3a", "2024-02-02 09:50:00"),
        ("s4", "device-forget-55ee", "0", "2024-02-02 09:50:00"),
        ("s5", "somebody", "0", "2024-02-03 09:50:00"),
    ],
    "reviews": [
        ("review_id", "order_id", "customer_id", "rating", "reviewed_at"),
        ("r1", "order-forget-81b2", "", "5", "2024-02-04"),
        ("r2", "o3", "ben", "4", "2024-02-05"),
    ],
}


@dataclass(frozen=True)
class Shop:
    """A shop loaded from files, run and exported in its own folder."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "shop.yml"

    def shopper(self, *arguments: object) -> Ran:
        """Run `shopper` in a real process."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "SHOPPER_PROJECT": str(ROOT)}
        ended = subprocess.run(
            [sys.executable, "-m", "shopper", *map(str, arguments)],
            env=environment, cwd=self.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Ran(ended.returncode, ended.stdout + ended.stderr)

    def held(self) -> set[str]:
        """The project's files that still contain an erased id, in their bytes or in any value."""
        found = set()
        for path in self.folder.rglob("*"):
            if path.is_file() and "shop_files" not in path.parts and _holds(path):
                found.add(str(path.relative_to(self.folder)))
        return found

    def published(self, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.folder / "published/shop.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()


def _holds(path: Path) -> bool:
    content = path.read_bytes()
    if any(gone.encode() in content for gone in GONE):
        return True
    if path.suffix == ".parquet":
        text = str(duckdb.sql(f"select list(columns(*)::varchar) from '{path}'").fetchall())
        return any(gone in text for gone in GONE)
    if path.suffix in {".duckdb", ".ducklake"}:
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute(
                "select format('{}.\"{}\"', schema_name, table_name) from duckdb_tables() where not internal"
            ).fetchall()
            for (name,) in names:
                text = str(connection.execute(f"select list(columns(*)::varchar) from {name}").fetchall())
                if any(gone in text for gone in GONE):
                    return True
    return False


def _write(folder: Path, files: dict[str, list[tuple[str, ...]]]) -> None:
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("forget")
    (folder / "shop_files").mkdir()
    _write(folder / "shop_files", FILES)
    mapping = {
        "sources": {name: {"path": f"shop_files/{name}.csv"} for name in FILES},
        "tables": {name: {"source": name} for name in FILES},
    }
    (folder / "mapping.yml").write_text(json.dumps(mapping))
    config = {
        "load": "mapping.yml", "warehouse": "work/shop.duckdb", "publish": "published",
        "vars": {"reporting_timezone": "UTC", "reporting_currency": "EUR"}, "select": [f"+{mart}" for mart in MARTS],
        "ducklake": HAS_DUCKLAKE,
    }  # fmt: skip
    shop = Shop(folder)
    shop.config.write_text(json.dumps(config))
    ran = shop.shopper("run", shop.config)
    assert ran.code == 0, ran.output
    publish(folder / "work/shop.duckdb", folder / "published", Keep(), datetime.now(UTC), ducklake=HAS_DUCKLAKE)
    yield shop


def test_exported_text_can_not_act_as_a_formula(shop: Shop) -> None:
    ran = shop.shopper("export", "tags", "--config", shop.config, "--to", shop.folder / "lists")
    assert ran.code == 0, ran.output
    with (shop.folder / "lists/tags.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(shop.published("select * from marts.customer_tags"))
    assert any("cmd|" in value for row in rows for value in row.values())
    assert not [value for row in rows for value in row.values() if value[:1] in "=+-@\t\r" and value]
    tags = duckdb.sql(f"select distinct tag from '{shop.folder}/lists/tags.parquet'").fetchall()
    assert any(str(tag).startswith("=cmd") for (tag,) in tags)


def test_an_export_can_be_filtered(shop: Shop) -> None:
    one = ("--where", "customer_id = 'anna-forget-7f3a'", "--to", shop.folder / "one_customer")
    ran = shop.shopper("export", "tags", "--config", shop.config, *one)
    assert ran.code == 0, ran.output
    tags = duckdb.sql(f"select distinct customer_id from '{shop.folder}/one_customer/tags.parquet'").fetchall()
    assert tags == [("anna-forget-7f3a",)]


def test_a_failed_export_has_a_reason(shop: Shop) -> None:
    assert "winback" in shop.shopper("export", "everyone", "--config", shop.config).output
    ran = shop.shopper("export", "tags", "--config", shop.config, "--where", "colour = 1")
    assert (ran.code, "colour" in ran.output) == (2, True)
    ran = shop.shopper("export", "winback", "--config", shop.config)
    assert (ran.code, "marts.winback_candidates is not in the published generation" in ran.output) == (2, True)


def test_unknown_ids_and_missing_confirmation_erase_nothing(shop: Shop) -> None:
    before = sorted((shop.folder / "published/generations").iterdir())
    unknown = shop.shopper("forget", "nobody", "--config", shop.config, "--yes")
    assert (unknown.code, "'nobody': not found in any raw table" in unknown.output) == (2, True)
    nobody = shop.shopper("forget", "0", "--config", shop.config, "--yes")
    assert (nobody.code, "'0': not found in any raw table" in nobody.output) == (2, True)
    # A call that changes nothing does not force a full refresh.
    assert not (shop.folder / "work/shop.run/unfinished").exists()
    silent = shop.shopper("forget", "anna-forget-7f3a", "--config", shop.config)
    assert (silent.code, "use --yes" in silent.output) == (2, True)
    shown = shop.shopper("forget", "anna-forget-7f3a", "--config", shop.config, "--dry-run")
    assert shown.code == 0, shown.output
    assert "accounts: anna-before-19cd, anna-forget-7f3a" in shown.output
    assert "raw.orders: 3 rows" in shown.output
    sample = shop.shopper("forget", "anna-forget-7f3a", "--yes")
    assert (sample.code, "sample shop" in sample.output) == (2, True)
    assert sorted((shop.folder / "published/generations").iterdir()) == before
    held = shop.held()
    assert {"work/shop.duckdb", "published/current/shop.duckdb"} & held
    assert any(name.endswith(".ducklake") for name in held) is HAS_DUCKLAKE  # its statistics hold ids


def test_an_erased_customer_is_removed_everywhere_and_stays_out(shop: Shop) -> None:
    assert len(list((shop.folder / "published/generations").iterdir())) == 2
    ran = shop.shopper("forget", "anna-forget-7f3a", "--config", shop.config, "--yes")
    assert ran.code == 0, ran.output
    assert len(list((shop.folder / "published/generations").iterdir())) == 1
    assert shop.held() == set()
    assert not list((shop.folder / "one_customer").iterdir())
    assert list((shop.folder / "lists").iterdir())
    # Others keep their rows: what Ben did on the shared device stays, and his referrer becomes null.
    assert shop.published("select order_id from marts.orders order by order_id") == [("o3",), ("o5",)]
    assert shop.published("select session_id from marts.sessions order by all") == [("s2",), ("s5",)]
    ledger = dict(shop.published("select table_name, rows_in from audit.row_ledger"))
    assert (ledger["customers"], ledger["orders"], ledger["reviews"], ledger["order_items"]) == (2, 2, 1, 2)

    # The same files again, one with additional rows: only the new rows of others are loaded.
    FILES["orders"].append(("o6", "anna-forget-7f3a", "device-forget-55ee", "2024-02-06", "completed", "70"))
    FILES["orders"].append(("o7", "eve", "v-eve", "2024-02-07", "completed", "80"))
    _write(shop.folder / "shop_files", FILES)
    again = shop.shopper("run", shop.config)
    assert again.code == 0, again.output
    assert shop.held() == set()
    assert shop.published("select order_id from marts.orders order by order_id") == [("o3",), ("o5",), ("o7",)]


def test_rows_delivered_by_another_tool_are_removed_again(shop: Shop) -> None:
    elsewhere = {**json.loads(shop.config.read_text()), "vars": {"raw_data": "source", "reporting_timezone": "UTC"}}
    del elsewhere["load"]
    (shop.folder / "elsewhere.yml").write_text(json.dumps(elsewhere))
    with duckdb.connect(str(shop.folder / "work/shop.duckdb")) as connection:
        connection.execute("insert into raw.orders by name select 'o8' as order_id, 'anna-forget-7f3a' as customer_id")
    ran = shop.shopper("run", shop.folder / "elsewhere.yml")
    assert ran.code == 0, ran.output
    assert "1 raw rows of erased customers removed" in ran.output
    assert shop.held() == set()
    assert shop.published("select order_id from marts.orders order by order_id") == [("o3",), ("o5",), ("o7",)]


def test_an_interrupted_erasure_is_completed(shop: Shop) -> None:
    ran = shop.shopper("forget", "--config", shop.config)
    assert (ran.code, "no interrupted erasure to complete" in ran.output) == (2, True)
    with duckdb.connect(str(shop.folder / "work/shop.duckdb")) as connection:
        connection.execute("update landing.erasures set completed_at = null")
    copies = [shop.folder / "work" / name for name in (".shop.forgetting", ".shop.forgetting.compacted")]
    for copy in copies:
        copy.write_text("anna-forget-7f3a")
    ran = shop.shopper("forget", "--config", shop.config)
    assert ran.code == 0, ran.output
    assert len(list((shop.folder / "published/generations").iterdir())) == 1
    assert not any(copy.exists() for copy in copies)
    assert shop.held() == set()


def test_a_leftover_write_ahead_log_does_not_restore_rows(tmp_path: Path) -> None:
    warehouse = tmp_path / "shop.duckdb"
    crashed = (
        "import duckdb, os, sys; shop = duckdb.connect(sys.argv[1]);"
        " shop.execute('create schema raw; create table raw.orders (order_id varchar, customer_id varchar)');"
        " shop.execute('checkpoint'); shop.execute(\"insert into raw.orders values ('o1', 'anna'), ('o2', 'ben')\");"
        " os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", crashed, str(warehouse)], check=False)
    log = warehouse.with_name("shop.duckdb.wal")
    assert log.exists()
    rewrite_without(warehouse, load_contract(ROOT), CastRules(ROOT), ("anna",))
    assert not log.exists()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute("select customer_id from raw.orders").fetchall() == [("ben",)]


def test_guests_and_accounts_without_rows_are_found() -> None:
    rules, contract = CastRules(ROOT), load_contract(ROOT)
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema raw;
            create table raw.customers as from (values ('old', 'anna'), ('ben', '0'), ('eve', '0'))
                as rows(customer_id, merged_into_customer_id);
            create table raw.sessions as from (values ('s1', 'v1', 'old'), ('s2', '0', 'old'), ('s3', '0', '0'))
                as rows(session_id, visitor_id, customer_id);
            create table raw.orders as from (values ('o1', null, 's1'), ('o2', null, 's3'), ('o3', 'ben', 's1'))
                as rows(order_id, customer_id, session_id);
            """
        )
        tables = [contract.by_name[name] for name in ("customers", "sessions", "orders")]
        assert find_people(connection, "raw", tables, rules, ("anna",)) == ("anna", "old")
        found = connection.execute("select kind, id from forgotten where kind <> 'customer' order by all").fetchall()
    assert found == [("order", "o1"), ("session", "s1"), ("session", "s2"), ("visitor", "v1")]


def test_only_one_export_runs_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    holder = "import sys; from pathlib import Path; from shopper.locks import exclusive; lock = exclusive("
    holder += "Path(sys.argv[1]), 'another export'); lock.__enter__(); print('held', flush=True); sys.stdin.read()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    arguments = [sys.executable, "-c", holder, str(tmp_path / ".exports.lock")]
    with subprocess.Popen(
        arguments, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stdout.readline() == "held\n"
        with pytest.raises(Locked, match="another export"):
            export(tmp_path, "shop", [Export("tags", str(tmp_path))])
        process.communicate("")
