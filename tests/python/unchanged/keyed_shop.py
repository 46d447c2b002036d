"""A shop with events, whose models build only the visitors, events and visits that a change reaches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from changing_shop import ChangingShop, changing_project

_FOLDER = "models/intermediate/conversion"
VISITS = f"{_FOLDER}/_conversion__models.yml"
# What of the models each change must reach by key.
KEYED = {"int_events", "int_visits", "int_visit_sums"}
_MODELS = {
    "int_event_rows.sql": """{{ config(materialized='view') }}
select trim(event_id) as event_id, session_id, visitor_id, page_url, occurred_at
from {{ source('raw', 'events') }}
""",
    # Of redeliveries the latest counts, whoever it is about.
    "int_events.sql": """with event_rows as (select * from {{ ref('int_event_rows') }})
select
    event_id, session_id, visitor_id, page_url, cast(occurred_at as timestamp) as occurred_at,
    row_number() over (partition by event_id order by occurred_at desc, visitor_id, page_url, session_id) = 1
        as is_current
from event_rows
""",
    "int_known_events.sql": """{{ config(materialized='view') }}
select event_id, session_id, visitor_id, page_url, occurred_at
from {{ ref('int_events') }}
where is_current and cast(occurred_at as date) <= coalesce({{ as_of_date('null') }}, date '9999-12-31')
""",
    "int_pages.sql": """select page_url, min(visitor_id) as first_visitor_id
from {{ ref('int_known_events') }}
group by page_url
""",
    # Visitors can have one session id: their events are numbered together.
    "int_visits.sql": """with

known_events as (select * from {{ ref('int_known_events') }}),

pages as (select * from {{ ref('int_pages') }}),

spending_levels as (select max(lowest_revenue) as highest from {{ ref('spending_levels') }})

select
    known_events.event_id,
    known_events.visitor_id,
    known_events.session_id,
    pages.first_visitor_id,
    row_number() over (partition by known_events.session_id order by known_events.occurred_at, known_events.event_id)
    * {{ spend_factor() }} + spending_levels.highest as number
from known_events
inner join pages on pages.page_url = known_events.page_url
cross join spending_levels
""",
    "int_visit_sums.sql": """select
    session_id, count(*) as events, sum(number) as numbers, max(first_visitor_id) as visitor_id
from {{ ref('int_visits') }}
group by session_id
""",
    "int_visit_counts.sql": "select count(*) as visits, sum(numbers) as numbers from {{ ref('int_visit_sums') }}\n",
    "_conversion__models.yml": """version: 2
models:
  - name: int_event_rows
    config: {meta: {digested_by: [event_id]}}
  - name: int_events
    config: {meta: {keyed: {by: event_id, reads: {int_event_rows: event_id}}}}
  - name: int_known_events
    config: {meta: {digested_by: [visitor_id]}}
  - name: int_pages
    config: {meta: {digested_by: [page_url]}}
  - name: int_visits
    config:
      meta:
        digested_by: [session_id]
        keyed:
          by: visitor_id
          reads:
            int_known_events: visitor_id
            int_pages: {by: page_url, at: page_url, of: [int_known_events]}
          apart: session_id
  - name: int_visit_sums
    config: {meta: {keyed: {by: session_id, reads: {int_visits: session_id}}}}
""",
}


def keyed_project(folder: Path) -> Path:
    """The changing project with keyed models."""
    changing_project(folder)
    (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
    for name, text in _MODELS.items():
        (folder / _FOLDER / name).write_text(text, encoding="utf-8")
    return folder


class KeyedShop(ChangingShop):
    """A changing shop with 300 events: of 60 visitors, each with sessions and a page of its own."""

    def begin(self) -> None:
        super().begin()
        self.execute(
            "create table raw.events as select 'e' || i as event_id, 's' || (i % 100) as session_id, 'v' || (i % 50) as"
            " visitor_id, 'page_view' as event_type, '/p' || (i % 50) as page_url, '2024-01-' ||"
            " lpad((1 + i % 28)::varchar, 2, '0') || ' 10:00:00' as occurred_at from range(300) as numbers (i)"
        )


def key_changes(shop: KeyedShop, random: Random) -> dict[str, Callable[[], None]]:
    """What can happen to events, by name. Each change can be made at any time, any number of times."""
    event, other = (f"'e{random.randrange(300)}'" for _number in range(2))
    new = f"insert into raw.events select 'n{random.randrange(10**6)}', 's{random.randrange(130)}'"
    visitor, page = f"'v{random.randrange(60)}'", f"'/p{random.randrange(60)}'"

    def move_as_of() -> None:
        shop.variables["as_of_date"] = random.choice(["2024-01-10", "2024-01-20", "2024-03-01"])

    return {
        "new event": lambda: shop.execute(f"{new}, {visitor}, 'page_view', {page}, '2024-01-20 12:00:00'"),
        "event late by a year": lambda: shop.execute(f"{new}, {visitor}, 'page_view', {page}, '2023-01-20 12:00:00'"),
        "event of another visitor": lambda: shop.execute(
            f"insert into raw.events select event_id || ' ', session_id, {visitor}, event_type, page_url,"
            f" '2024-01-21 12:00:00' from raw.events where event_id = {event} limit 1"
        ),
        "session of two visitors": lambda: shop.execute(
            "update raw.events set session_id = (select session_id from raw.events"
            f" where event_id = {other} limit 1) where event_id = {event}"
        ),
        "page of another visitor": lambda: shop.execute(
            f"update raw.events set page_url = {page} where event_id = {event}"
        ),
        "merged": lambda: shop.execute(f"update raw.events set visitor_id = {visitor} where visitor_id = 'v7'"),
        "visitor unknown": lambda: shop.execute(f"update raw.events set visitor_id = null where event_id = {event}"),
        "deleted": lambda: shop.execute(f"delete from raw.events where event_id in ({event}, {other})"),
        "back and forth": lambda: shop.execute(
            f"update raw.events set page_url = '/x' where event_id = {event}",
            f"update raw.events set page_url = '/p1' where event_id = {event}",
        ),
        "emptied": lambda: shop.execute("delete from raw.events where hash(event_id) % 3 = 0"),
        "rule": lambda: shop.edit("seeds/reference/spending_levels.csv", "middle,", "middle,1"),
        "var": move_as_of,
    }
