"""Raw tables through the real staging models: accepted rows, quarantined rows with reasons, and a balanced ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from running import rows
from shopper.dbt import DbtError, run_dbt

Query = Callable[[str], list[tuple[object, ...]]]
Build = Callable[..., Query]

LEAN = ("--exclude-resource-type", "unit_test", "--indirect-selection", "cautious")
STAGING = ("build", "--select", "+path:models/staging", *LEAN)
EVENTS = ("build", "--select", "+stg_events", *LEAN)

ODD_SHOP = """
create table raw.exchange_rates as from (values
    ('2024-02-01', 'usd', '7.1'), ('2024-02-01', 'EUR', '0'), ('2024-02-01', 'CNY', '1'), ('2024-03-01', 'CNY', '2'),
    ('2024-02-01', null, '3')
) as rates (rate_date, currency, rate);

create table landed_orders ("ORDER_ID" integer, "Customer_Id" bigint, ordered_at timestamptz, total_amount double,
    is_test boolean, currency varchar, updated_at timestamp, status varchar, tags varchar[], note json);
insert into landed_orders values
    (1, 10, '2024-02-10 08:00:00+08', 0.1 + 0.2, false, null, '2024-02-10', 'PAID', ['a', 'b'], '{"k": 1}'),
    (2, 0, '2024-02-11 00:00:00+00', 5, false, ' usd ', '2024-02-11', 'Canceled', null, null),
    (2, 0, '2024-02-11 00:00:00+00', -5, false, 'USD', '2024-02-12', 'paid', ['at https://x.example/?token=abc'], null),
    (3, 11, '2024-02-12 00:00:00+00', 9, true, null, '2024-02-14', 'shipped', null, null),
    (3, 11, '2024-02-12 00:00:00+00', 8, true, null, '2024-02-14', 'shipped', null, null),
    (3, 11, '2024-02-12 00:00:00+00', 8, true, null, '2024-02-14', 'shipped', null, null),
    (3, 11, '2024-02-12 00:00:00+00', 7, true, null, '2024-02-12', 'placed', null, null),
    (4, 12, '2024-01-20 00:00:00+00', 9, false, 'USD', null, 'paid', null, null),
    (5, 12, '2024-02-20 00:00:00+00', 9, false, 'EUR', null, 'paid', null, null),
    (6, 12, '2024-02-20 00:00:00+00', 9, false, null, null, 'wonderful', null, null),
    (7, null, '2031-02-20 00:00:00+00', 9, false, null, null, null, ['mail joe@mail.example.com'], '{"k": 7}');
create view raw.orders as select *, 'file' || order_id as _file_key from landed_orders;

create table raw.order_items as from (values
    ('1', '1', ' 2 ', '12.3456789'), ('2', '1', 'NaN', '1'), ('3', '1', '1', 'Inf'), ('4', '1', '1', '1e308'),
    ('5', '1', '1', '1e2'), ('6', '1', '-1', '1'), ('7', '99', '1', '1'), ('8', '4', '1', '1'), ('9', '7', '1', '1'),
    ('10', '1', '1', '1,234.5'), ('11', '2', '0', '.5'), ('12', '1', '-1', '0')
) as items (order_item_id, order_id, quantity, unit_price);

create table raw.marketing_spend as from (values
    ('2024-02-10', 'web', 'baidu', null, 'ad', '10'), ('2024-02-10', 'WEB', 'baidu', null, 'ads', '10'),
    ('2024-02-10', 'web', null, null, 'unheard of', '10'), ('2024-02-10', null, null, null, null, '3')
) as spend (spend_date, platform, utm_source, utm_medium, cost_type, spend);

create table raw.products as from (values
    ('p1', 'XXX', '5', null), ('p2', 'XXX', null, 'no'), ('p3', 'USD', '5', 'false'),
    ('p4', null, '5', null), ('p4', null, '5', null), ('p4', null, null, 'yes')
) as products (product_id, currency, list_price, is_deleted);
"""

# Two rows are equal; a third differs only in a column outside the contract.
EVENT_ROWS: Sequence[tuple[str, str, str, str]] = (
    ("v1", "PV", "1707523200", "a"),
    ("v1", "PV", "1707523200", "a"),
    ("v1", "PV", "1707523200", "b"),
    ("v2", "buy", "1707523200000", "a"),
    (" v2\u00a0", "scroll", "1707523201", "a"),
    ("undefined", "PV", "1707523203", "a"),
)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One target folder for builds with the same vars, so that dbt parses only once."""
    return tmp_path_factory.mktemp("target")


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory, target: Path) -> Build:
    """Fills the schema `raw` with a script, builds staging with its tests, and returns a function for queries on the
    result.
    """

    def run(raw: str, arguments: Sequence[str] = STAGING, **variables: object) -> Query:
        warehouse = tmp_path_factory.mktemp("shop") / "shop.duckdb"
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("create schema raw")
            connection.execute(raw)
        folder = tmp_path_factory.mktemp("target") if variables else target
        run_dbt(arguments, variables={"raw_data": "source", **variables}, warehouse=warehouse, target=folder)
        return lambda query: rows(warehouse, query)

    return run


@pytest.fixture(scope="module")
def odd_shop(build: Build) -> Query:
    """A shop with a view, columns of every type and case, missing tables and columns, and faulty amounts."""
    return build(ODD_SHOP)


def events_script(content: Sequence[tuple[str, str, str, str]], columns: str) -> str:
    values = ", ".join(f"('{visitor}', '{kind}', '{time}', '{note}')" for visitor, kind, time, note in content)
    landed = f"(values {values}) as landed (visitor_id, event_type, occurred_at, tracker_note)"
    return f"create table raw.events as select {columns} from {landed}"


def test_values_of_any_type_and_case_are_read(odd_shop: Query) -> None:
    found = odd_shop("select order_id, customer_id, ordered_at, status, currency, total_amount, is_test "
                     "from staging.stg_orders order by order_id")  # fmt: skip
    assert found == [
        ("1", "10", datetime(2024, 2, 10), "paid", "CNY", Decimal("0.300000"), False),
        ("2", None, datetime(2024, 2, 11), "cancelled", "USD", Decimal("5.000000"), False),
        ("3", "11", datetime(2024, 2, 12), "shipped", "CNY", Decimal("8.000000"), True),
        ("6", "12", datetime(2024, 2, 20), None, "CNY", Decimal("9.000000"), False),
    ]


def test_numbers_are_exact_or_rejected(odd_shop: Query) -> None:
    accepted = odd_shop("select order_item_id, quantity, unit_price from staging.stg_order_items order by 1")
    assert accepted == [
        ("1", Decimal("2.000"), Decimal("12.345679")),
        ("11", Decimal("0.000"), Decimal("0.500000")),
        ("5", Decimal("1.000"), Decimal("100.000000")),
        ("6", Decimal("1.000"), Decimal("-1.000000")),
    ]


@pytest.mark.parametrize(
    ("table", "key", "reason"),
    [
        ("orders", "2", "total_amount_negative"),
        ("orders", "4", "currency_without_rate"),
        ("orders", "5", "currency_without_rate"),
        ("orders", "7", "ordered_at_after_as_of"),
        ("order_items", "2", "quantity_missing"),
        ("order_items", "3", "unit_price_not_a_number"),
        ("order_items", "4", "unit_price_not_a_number"),
        ("order_items", "12", "quantity_negative"),
        ("order_items", "7", "order_id_orphan"),
        ("order_items", "8", "order_id_orphan"),
        ("order_items", "9", "order_id_after_as_of"),
        ("order_items", "10", "unit_price_not_a_number"),
        ("marketing_spend", "2024-02-10|web||||", "cost_type_unmapped"),
        ("products", "p1", "currency_without_rate"),
        ("exchange_rates", "2024-02-01|", "currency_missing"),
        ("exchange_rates", "2024-02-01|EUR", "rate_not_positive"),
        ("exchange_rates", "2024-03-01|CNY", "reporting_currency_not_one"),
    ],
)
def test_rejected_rows_have_their_reason(odd_shop: Query, table: str, key: str, reason: str) -> None:
    where = f"table_name = '{table}' and row_key = '{key}'"
    assert odd_shop(f"select rejection_reason from audit.quarantined_rows where {where}") == [(reason,)]


def test_no_other_row_is_rejected_and_the_ledger_balances(odd_shop: Query) -> None:
    ledger = {name: counts for name, *counts in odd_shop("select * from audit.row_ledger where rows_in > 0")}
    assert ledger == {
        "orders": [11, 4, 3, 4, 1],
        "order_items": [12, 4, 0, 8, 0],
        "marketing_spend": [4, 2, 1, 1, 0],
        "products": [6, 2, 0, 4, 0],
        "exchange_rates": [5, 2, 0, 3, 0],
    }


def test_quarantine_keeps_complete_rows_without_secrets(odd_shop: Query) -> None:
    found = odd_shop("select row_key, raw_row, event_at from audit.quarantined_rows "
                     "where table_name = 'orders' and row_key in ('2', '7') order by 1")  # fmt: skip
    rejected, late = (json.loads(str(raw)) for _, raw, _ in found)
    assert rejected["total_amount"] == -5.0
    assert rejected["tags"] == ["at https://x.example/?token=redacted"]
    assert late["note"] == {"k": 7}
    assert late["tags"] == ["mail redacted"]
    assert [moment for *_, moment in found] == [datetime(2024, 2, 11), datetime(2031, 2, 20)]


def test_deleted_rows_are_kept_in_quarantine_with_their_content(odd_shop: Query) -> None:
    found = odd_shop("select rejection_reason, raw_row from audit.quarantined_rows "
                     "where table_name = 'products' and row_key = 'p4'")  # fmt: skip
    prices = sorted((str(json.loads(str(raw))["list_price"]) for _, raw in found))
    assert [reason for reason, _ in found] == ["deleted_at_source"] * 3
    assert prices == ["5", "5", "None"]


def test_inputs_are_listed(odd_shop: Query) -> None:
    found = odd_shop("select missing_columns, unknown_columns, is_present from audit.inputs "
                     "where table_name in ('exchange_rates', 'orders', 'sessions') order by table_name")  # fmt: skip
    missing = "visitor_id, session_id, paid_at, completed_at, cancelled_at, sales_channel, discount_amount, "
    missing += "shipping_amount, tax_amount, promotion_code, points_redeemed, shipping_discount_amount, fees_amount, "
    missing += "tip_amount, payment_terms, subscription_id, is_renewal, prices_include_tax, is_deleted"
    assert found == [("is_deleted", None, True), (missing, "tags, note", True), (None, None, False)]


def test_derived_keys_depend_only_on_the_content(build: Build) -> None:
    landed = build(events_script(EVENT_ROWS, "*"), EVENTS)
    other_columns = "tracker_note, occurred_at, 1 as batch, event_type, visitor_id, 'file' as _file_key"
    shuffled = build(events_script(EVENT_ROWS[::-1], other_columns), EVENTS)
    query = "select event_id, visitor_id, event_type from staging.base_events order by all"
    assert landed(query) == shuffled(query)
    alike = landed("select event_id from staging.stg_events where visitor_id = 'v1' order by 1")
    contents, numbers = zip(*(str(key).rsplit("-", 1) for (key,) in alike), strict=True)
    assert (len(set(contents)), numbers) == (1, ("1", "2", "3"))


def test_rows_after_the_as_of_date_are_quarantined(build: Build) -> None:
    shop = build(ODD_SHOP, as_of_date="2024-02-11", reporting_timezone="UTC")
    assert shop("select as_of_end_at from staging.stg_run_period") == [(datetime(2024, 2, 12),)]
    assert shop("select order_id from staging.stg_orders order by 1") == [("1",), ("2",)]
    late = shop("select row_key, event_at, json_extract_string(raw_row, 'total_amount') from audit.quarantined_rows "
                "where rejection_reason = 'ordered_at_after_as_of' order by 1")  # fmt: skip
    assert late == [
        ("3", datetime(2024, 2, 12), "8.0"),
        ("6", datetime(2024, 2, 20), "9.0"),
        ("7", datetime(2031, 2, 20), "9.0"),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("create table raw.orders (order_id varchar)", "table raw.orders lacks the required column ordered_at"),
        ("create table raw.products (product_id varchar)", "none of the tables orders, sessions, events"),
        (
            "create table raw.orders (order_id varchar, ordered_at varchar);"
            "create table raw.inventory_snapshots (product_id varchar, on_hand_quantity varchar)",
            "table raw.inventory_snapshots lacks the required column snapshot_date",
        ),
    ],
)
def test_violations_of_the_contract_stop_before_the_first_model(build: Build, raw: str, expected: str) -> None:
    with pytest.raises(DbtError, match=expected):
        build(raw, EVENTS)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"rfm_window_days": -1}, "var rfm_window_days is -1; expected a whole number from 1 to 36500"),
        ({"as_of_date": "2023-02-29"}, 'var as_of_date is "2023-02-29"; expected a date as 2024-01-31'),
        ({"reporting_currency": "x' or 1=1"}, "var reporting_currency is .*; expected a currency code"),
    ],
)
def test_invalid_vars_stop_before_the_first_query(build: Build, variables: dict[str, object], expected: str) -> None:
    orders = "create table raw.orders (order_id varchar, ordered_at varchar)"
    with pytest.raises(DbtError, match=expected):
        build(orders, ("run-operation", "check_vars"), **variables)
