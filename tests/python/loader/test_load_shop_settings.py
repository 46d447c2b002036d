"""Settings of the shop and the SQL functions of mappings: values, errors, and that a changed setting loads again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from running import ROOT, Ran, Shopper, rows
from shopper.load.shop_settings import ShopSettings
from shopper.load.sql_functions import create_functions
from shopper.sql import literal

Load = Callable[..., Ran]
Value = Callable[[str], object]


@pytest.fixture
def value() -> Iterator[Value]:
    """The value of a SQL expression with the functions of a shop without settings."""
    with duckdb.connect() as connection:
        create_functions(connection, ShopSettings(), "mapping.yml", ROOT)
        yield lambda expression: connection.execute(f"select {expression}").fetchall()[0][0]


@pytest.fixture
def load(tmp_path: Path, shopper: Shopper) -> Load:
    """Load one order with the given expression as its id."""

    def run(shop: str, expression: str = "1", ordered_at: str = "value", zone: str = "") -> Ran:
        (tmp_path / "shop.csv").write_text("value\n2024-07-01 12:00:00\n", encoding="utf-8")
        mapping = tmp_path / "mapping.yml"
        mapping.write_text(
            f"{shop}\nsources: {{shop: {{path: shop.csv}}}}\ntables:\n  orders:\n    source: shop\n    columns:\n"
            f'      order_id: {{expression: "{expression}"}}\n      ordered_at: {{column: {ordered_at}{zone}}}\n',
            encoding="utf-8",
        )
        return shopper("load", mapping)

    return run


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.50"),
        ("1 234.5", "1234.50"),
        (" -12.00 ", "-12"),
        ("\u221212.00", "-12"),
        ("€ 12.00", "12"),
        ("-€12.00", "-12"),
        ("12.00 EUR", "12"),
        ("US$12.345678", "12.345678"),
        ("¥\u00a01,000", "1000"),
        ("kr 12.50", "12.5"),
        (".5", "0.5"),
        ("1'000.05", "1000.05"),
    ],
)
def test_a_decimal_number_is_read(value: Value, text: str, number: str) -> None:
    assert value(f"number_of({literal(text)})") == Decimal(number)


@pytest.mark.parametrize(
    ("text", "number"), [("1.234,50", "1234.50"), ("12,5 kr", "12.5"), ("1.234", "1234"), ("€ -3,00", "-3")]
)
def test_a_number_with_decimal_comma_is_read(value: Value, text: str, number: str) -> None:
    assert value(f"number_of({literal(text)}, ',')") == Decimal(number)


@pytest.mark.parametrize("text", ["1.234,50", "12,50", "1,23,456", "12 pieces", "1e5", "n/a", "--1", "1-2", "(3)", "€"])
def test_other_text_is_an_error_that_names_it(value: Value, text: str) -> None:
    with pytest.raises(duckdb.Error) as failure:
        value(f"number_of({literal(text)})")
    assert f": {text}" in str(failure.value)


@pytest.mark.parametrize("arguments", ["'12.50', ','", "'1,234,567', ','", "'1', ';'"])
def test_the_other_decimal_sign_is_an_error(value: Value, arguments: str) -> None:
    with pytest.raises(duckdb.Error):
        value(f"number_of({arguments})")


def test_typed_numbers_are_numbers_and_blank_is_null(value: Value) -> None:
    assert value("number_of(12.5::double)") == Decimal("12.5")
    assert value("number_of(0.00001::double)") == Decimal("0.00001")
    assert value("number_of(12.50::decimal(9, 2))") == Decimal("12.5")
    assert value("number_of(' ')") is None
    assert value("number_of(null)") is None


def test_the_key_of_a_person_does_not_show_the_address(value: Value) -> None:
    assert value("person_key('\u00a0Anna@Example.com ')") == sha256(b"anna@example.com").hexdigest()
    assert value("person_key(' ')") is None


def test_settings_without_value_are_null(value: Value) -> None:
    assert value("shop_currency() is null and shop_timezone() is null and shop_prices_include_tax() is null") is True


SHOP = "shop: {timezone: Europe/Paris, currency: EUR, prices_include_tax: true}"


def test_settings_are_used_in_sql_and_in_columns(load: Load, warehouse: Path) -> None:
    expression = "concat_ws(' ', shop_timezone(), shop_currency(), shop_prices_include_tax())"
    assert load(SHOP, expression, zone=", timezone: shop").code == 0
    loaded = rows(warehouse, "select order_id, ordered_at from raw.orders")
    assert loaded == [("Europe/Paris EUR true", "2024-07-01 10:00:00")]


def test_a_changed_setting_loads_again(load: Load) -> None:
    assert load(SHOP).code == 0
    assert "unchanged" in load(SHOP).output
    assert "unchanged" not in load(SHOP.replace("true", "false")).output


@pytest.mark.parametrize(
    ("shop", "message"),
    [
        ("shop: EUR", "shop: expected timezone, currency, prices_include_tax, each with its value"),
        ("shop: {curency: EUR}", "shop: unknown key curency; did you mean currency?"),
        ("shop: {currency: euro}", "shop.currency: expected a code such as EUR, got 'euro'"),
        ("shop: {currency: <decide>}", "shop.currency: still to be decided, <decide>"),
        ("shop: {timezone: Europe/Pari}", "shop.timezone: unknown time zone Europe/Pari; did you mean Europe/Paris"),
        ("shop: {prices_include_tax: yes}", "shop.prices_include_tax: expected true or false, got 'yes'"),
    ],
)
def test_wrong_settings_are_errors(load: Load, shop: str, message: str) -> None:
    ran = load(shop)
    assert ran.code == 2
    assert message in ran.output


def test_the_zone_of_the_shop_must_be_known_where_it_is_used(load: Load) -> None:
    ran = load("", zone=", timezone: shop")
    assert ran.code == 2
    assert "orders.columns.ordered_at.timezone: needs the time zone of the shop" in ran.output
    ran = load("", "shop_timezone()")
    assert ran.code == 2
    assert "shop_timezone() needs the time zone of the shop" in ran.output


@pytest.mark.parametrize(
    ("amounts", "counts", "sign"),
    [
        (["1.033,33"], [], ","),
        (["12,5 €", None], [], ","),
        (["1,033.33"], [], "."),
        (["€ 0.5"], ["12"], "."),
        (["1033"], ["12.345"], ","),
        (["1,033"], ["1,234,567"], "."),
        (["1,033"], ["999"], None),
        (["1.033", None], [], None),
        ([], [], None),
    ],
)
def test_the_decimal_sign_that_texts_show(value: Value, amounts: list[str], counts: list[str], sign: str) -> None:
    lists = [", ".join("null" if text is None else literal(text) for text in texts) for texts in (amounts, counts)]
    call = ", ".join(f"cast([{texts}] as varchar[])" for texts in lists)
    assert value(f"decimal_sign({call})") == sign


def test_the_decimal_sign_of_a_currency_with_three_decimals(value: Value) -> None:
    assert value("decimal_sign(['1,250'], [], 3)") == ","
    assert value("decimal_sign(['1,250.500'], [], 3)") == "."
    assert value("decimal_sign(['1,250'], [], 2)") is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-02 10:12:00 +0100", "2025-03-02 09:12:00"),
        ("2025-03-02T10:12:00Z", "2025-03-02 10:12:00"),
        ("2025-03-02 10:12:00 UTC", "2025-03-02 10:12:00"),
        ("1740910320", "2025-03-02 10:12:00"),
        ("2025-03-02", "2025-03-02 00:00:00"),
        (" ", "None"),
    ],
)
def test_a_moment_is_read_as_the_contract_reads_it(value: Value, text: str, moment: str) -> None:
    assert str(value(f"moment_of({literal(text)})")) == moment


def test_a_date_alone_is_midnight_in_the_zone_of_the_shop(load: Load, warehouse: Path) -> None:
    assert load(SHOP, "moment_of('2024-07-01') || ''").code == 0
    assert rows(warehouse, "select order_id from raw.orders") == [("2024-06-30 22:00:00",)]


def test_text_that_is_no_moment_is_an_error_that_names_it(value: Value) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="not a date or time: yesterday"):
        value("moment_of('yesterday')")
