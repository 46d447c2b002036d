"""A shop of the small project whose raw tables, rules, vars and code change, built twice: kept up to date, and anew."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from landing import copy_raw
from running import ROOT
from shopper.bench.endurance.small_project import small_project
from shopper.dbt import WITHOUT_TESTS, Invoked, first_error, invoke_dbt

_SPEND = "models/intermediate/channels/int_spend.sql"
_FACTOR = "macros/rules/spend_factor.sql"
_RULES = "seeds/reference/spending_levels.csv"
_ORDERS = "models/intermediate/foundation/orders/int_orders.sql"
_MODELS = {
    _SPEND: """with

marketing_spend as (
    select * from {{ source('raw', 'marketing_spend') }}
),

exchange_rates as (
    select * from {{ source('raw', 'exchange_rates') }}
)

select
    marketing_spend.platform as channel,
    cast(marketing_spend.spend as decimal(18, 2)) * cast(exchange_rates.rate as decimal(18, 4))
    * {{ spend_factor() }} as spend
from marketing_spend
inner join exchange_rates on exchange_rates.currency = marketing_spend.currency
""",
    "models/intermediate/channels/int_spend_by_channel.sql": """{{ config(materialized='view') }}
select channel, sum(spend) as spend
from {{ ref('int_spend') }}
group by channel
""",
    "models/intermediate/channels/int_spend_ranks.py": """def model(dbt, session):
    from shopper.estimators.rounding import ten_digits

    dbt.config(materialized="table")
    spends = dbt.ref("int_spend_by_channel").to_arrow_table().to_pylist()
    import pyarrow as pa

    return pa.Table.from_pylist(
        [{"channel": row["channel"], "spend": ten_digits(float(row["spend"]))} for row in spends],
        pa.schema([("channel", pa.string()), ("spend", pa.float64())]),
    )
""",
    "models/intermediate/channels/int_channels_with_spend.sql": """select channel
from {{ ref('int_spend_ranks') }}
where spend > 0
""",
    "models/intermediate/channels/int_channel_names.sql": "select upper(channel) as name\n"
    "from {{ ref('int_channels_with_spend') }}\n",
    "tests/marts/every_order_has_a_day.sql": "select * from {{ ref('orders') }} where order_date is null\n",
    _FACTOR: "{# A factor. #}\n{% macro spend_factor() %}1{% endmacro %}\n",
}


def changing_project(folder: Path) -> Path:
    """The small project with a second branch, from spend and rates through a view and a Python model."""
    small_project(ROOT, folder)
    for path, text in _MODELS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@dataclass
class Built:
    """A finished build: the models and seeds that were built, of them those built by key, and those that
    were left as they were.
    """

    built: set[str]
    keyed: set[str]
    unchanged: set[str]


@dataclass
class ChangingShop:
    """A shop. `folder` holds the warehouse that is kept up to date and, in `anew`, the one that is built in full."""

    project: Path
    folder: Path
    variables: dict[str, object] = field(default_factory=dict)

    @property
    def warehouse(self) -> Path:
        return self.folder / "shop.duckdb"

    def begin(self) -> None:
        """Land the first raw tables."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.execute(
            "create schema raw",
            "create table raw.orders as select 'o' || i as order_id, 'c' || (i * 7 % 11) as customer_id,"
            " '2024-01-' || lpad((1 + i % 28)::varchar, 2, '0') || 'T10:00:00Z' as ordered_at,"
            " (i * 31 % 97)::varchar as total_amount, 'paid' as status from range(60) as numbers (i)",
            "create table raw.marketing_spend as select '2024-01-05' as spend_date, 'ch' || i as platform, '' as"
            " utm_source, '' as utm_medium, '' as utm_campaign, '' as cost_type, 'EUR' as currency,"
            " i::varchar as spend from range(5) as numbers (i)",
            "create table raw.exchange_rates as select '2024-01-01' as rate_date, 'EUR' as currency, '7.5' as rate",
        )

    def execute(self, *statements: str) -> None:
        """Change the warehouse as another tool would."""
        with duckdb.connect(str(self.warehouse)) as connection:
            for statement in statements:
                connection.execute(statement)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in a file of the project. It must be there."""
        file = self.project / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} lacks {old}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def build(
        self, *options: str, warehouse: Path | None = None, on_event: Callable[[Any], None] | None = None
    ) -> Built:
        """`dbt build`. Fails the test if a node fails."""
        invoked = self.invoke(*options, warehouse=warehouse, on_event=on_event)
        assert invoked.success, first_error(invoked)
        tables = [row for row in invoked.results if row.node.resource_type in ("model", "seed")]
        names = {row.node.name: row.adapter_response.get("code") for row in tables}
        left = {name for name, code in names.items() if code == "UNCHANGED"}
        return Built(names.keys() - left, {name for name, code in names.items() if code == "KEYED"}, left)

    def invoke(
        self, *options: str, warehouse: Path | None = None, on_event: Callable[[Any], None] | None = None
    ) -> Invoked:
        """`dbt build`, also if it fails."""
        return invoke_dbt(
            ["build", *(options or ("--exclude-resource-type", "unit_test"))],
            variables={"raw_data": "source", **self.variables},
            warehouse=warehouse or self.warehouse,
            target=self.project / "target",
            project=self.project,
            on_event=on_event,
        )

    def differences(self) -> list[str]:
        """The tables and views that differ, in a row or a column, from those of a full build of the same raw tables."""
        anew = self.folder / "anew" / self.warehouse.name
        shutil.rmtree(anew.parent, ignore_errors=True)
        anew.parent.mkdir()
        copy_raw(self.warehouse, anew, schema="raw")
        self.build("--full-refresh", *WITHOUT_TESTS, warehouse=anew)
        kept, full = self._content(self.warehouse), self._content(anew)
        return sorted(name for name in kept.keys() | full.keys() if kept.get(name) != full.get(name))

    def _content(self, warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            names = connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
                " where table_schema not in ('raw', 'landing', 'keys')"
            ).fetchall()
            return {name: self._rows(connection, name) for (name,) in names}

    @staticmethod
    def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
        """Columns with their types, then all rows in order."""
        columns = connection.execute(f"describe {name}").fetchall()
        return [*columns, *connection.execute(f"select * from {name} order by all").fetchall()]


def kill_at(event: int) -> Callable[[Any], None]:
    """A listener that kills its own process when the given number of nodes has finished."""
    seen = 0

    def listen(happened: Any) -> None:
        nonlocal seen
        seen += happened.info.name in ("LogModelResult", "LogSeedResult", "LogTestResult")
        if seen >= event:
            os.kill(os.getpid(), signal.SIGKILL)

    return listen


def build_and_die(shop: ChangingShop, event: int) -> None:
    """For a process of its own: a build that is killed."""
    shop.invoke(on_event=kill_at(event))


def changes(shop: ChangingShop, random: Random) -> dict[str, Callable[[], None]]:
    """What can happen to a shop, by name. Each change can be made at any time, any number of times."""
    order = f"'o{random.randrange(60)}'"
    new = f"insert into raw.orders select 'n{random.randrange(10**6)}', 'c{random.randrange(14)}'"
    replaced = {
        _ORDERS: ("as decimal(18, 2)) as net_revenue", "as decimal(18, 2)) + 1 as net_revenue"),
        _FACTOR: ("%}1{%", "%}2{%"),
        _RULES: ("middle,5000", "middle,200"),
    }

    def toggle(path: str) -> None:
        old, changed = replaced[path]
        is_changed = changed in (shop.project / path).read_text(encoding="utf-8")
        shop.edit(path, *((changed, old) if is_changed else (old, changed)))

    def move_as_of() -> None:
        shop.variables["as_of_date"] = random.choice(["2024-01-10", "2024-01-20", "2024-03-01"])

    return {
        "new order": lambda: shop.execute(f"{new}, '2024-02-01T10:00:00Z', '{random.randrange(99)}', 'paid'"),
        "order late by a year": lambda: shop.execute(f"{new}, '2023-01-15T10:00:00Z', '5', 'paid'"),
        "corrected": lambda: shop.execute(f"update raw.orders set total_amount = '7.25' where order_id = {order}"),
        "deleted": lambda: shop.execute(f"delete from raw.orders where order_id = {order}"),
        "merged": lambda: shop.execute(
            f"update raw.orders set customer_id = 'c1' where customer_id = 'c{random.randrange(11)}'"
        ),
        "redelivered": lambda: shop.execute(
            "create or replace table raw.orders as select * from raw.orders order by hash(order_id || total_amount)"
        ),
        "column added": lambda: shop.execute("alter table raw.orders add column if not exists note varchar"),
        "rate": lambda: shop.execute(f"update raw.exchange_rates set rate = '{random.randrange(1, 9)}.5'"),
        "spend": lambda: shop.execute(
            f"update raw.marketing_spend set spend = '{random.randrange(9)}' where platform = 'ch2'"
        ),
        "spend twice": lambda: shop.execute(
            "insert into raw.marketing_spend select * from raw.marketing_spend where platform = 'ch3'"
        ),
        "rule": lambda: toggle(_RULES),
        "model": lambda: toggle(_ORDERS),
        "macro": lambda: toggle(_FACTOR),
        "var": move_as_of,
    }
