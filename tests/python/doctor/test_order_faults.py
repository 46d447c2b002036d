"""`shopper doctor` on orders, refunds and totals as platforms export them: counts, money, and the line for each."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from diagnosing import Diagnose

from landing import RawRow


def order(number: int, **columns: str | None) -> dict[str, str | None]:
    """An order of 100.00, completed, with these columns."""
    usual = {"order_id": f"o{number}", "ordered_at": "2024-03-01 10:00:00", "status": "completed"}
    return {**usual, "total_amount": "100", **columns}


def line(number: int, **columns: str | None) -> dict[str, str | None]:
    """A line of 100.00 of the order with the same number."""
    usual = {"order_item_id": f"i{number}", "order_id": f"o{number}", "quantity": "1", "unit_price": "100"}
    return {**usual, **columns}


def payment(number: int, status: str = "succeeded", amount: str = "100") -> dict[str, str | None]:
    """A payment of the order with the same number."""
    return {
        "payment_id": f"p{number}", "order_id": f"o{number}", "attempted_at": "2024-03-01 10:01:00",
        "status": status, "amount": amount,
    }  # fmt: skip


def refund(number: int, amount: str, **columns: str | None) -> dict[str, str | None]:
    """A refund of the order with the same number."""
    usual = {"refund_id": f"r{number}/{amount}", "order_id": f"o{number}", "refunded_at": "2024-03-09 10:00:00"}
    return {**usual, "amount": amount, **columns}


def lines(finding: dict[str, Any]) -> list[str]:
    """The lines that mend a finding."""
    return list(finding["fix"]["lines"])


def test_orders_dropped_as_unpaid_are_counted_with_their_money(diagnose: Diagnose) -> None:
    """A payment, a status, a total of 0 or terms make an order paid, each for itself."""
    found = diagnose(
        orders=[
            order(1, status="placed"),
            order(2),
            order(3),
            order(4, status="placed", total_amount="0"),
            order(5, status="shipped", payment_terms="on_delivery"),
            order(6, status="placed", payment_terms="on_delivery", total_amount="7"),
            order(7, status="placed"),
            order(8, status="cancelled"),
            order(9, status=None, total_amount="30"),
            order(10, status="placed"),
        ],
        payments=[payment(1), payment(2, "failed"), payment(7, amount="20")],
    )["unpaid", "orders"]
    assert found["rows"] == 5
    assert "(337.00 EUR)" in found["message"]
    assert sorted(found["examples"]) == [
        "with a deposit only (1)",
        "with payments that did not succeed (1)",
        "with status placed and no payment (2)",
        "without status, payment and paid_at (1)",
    ]
    assert "paid_at: {column: <time of payment>}" in lines(found)


def test_paid_orders_are_no_finding(diagnose: Diagnose) -> None:
    found = diagnose(
        orders=[order(1, status="placed"), order(2), order(3, status=None, paid_at="2024-03-01 10:00:00")],
        payments=[payment(1)],
    )
    assert ("unpaid", "orders") not in found


def test_only_the_newest_version_of_an_order_counts_and_none_of_a_deleted_one(diagnose: Diagnose) -> None:
    newer = {"updated_at": "2024-03-03 00:00:00"}
    found = diagnose(
        orders=[
            order(1, status="placed", updated_at="2024-03-02 00:00:00"),
            order(1, **newer),
            order(2, status="placed", updated_at="2024-03-02 00:00:00"),
            order(2, status="placed", is_deleted="true", **newer),
            order(3, status="placed", **newer),
        ]
    )["unpaid", "orders"]
    assert found["rows"] == 1


def test_without_statuses_and_payments_every_order_is_paid(diagnose: Diagnose) -> None:
    plain: RawRow = {"order_id": "a", "ordered_at": "2024-03-01", "total_amount": "5"}
    assert ("unpaid", "orders") not in diagnose(orders=[plain])


def test_unknown_statuses_show_their_money_and_are_for_a_person_to_decide(diagnose: Diagnose) -> None:
    """A similar spelling may mean the opposite: no proposal books revenue by a guess."""
    found = diagnose(
        orders=[
            order(1),
            order(2, status="awaiting bids"),
            order(3, status="complet"),
            order(4, status="not completed"),
        ]
    )["unmapped value", "orders.status"]
    assert found["rows"] == 3
    assert "(300.00 EUR)" in found["message"]
    assert all("<decide: " in one for one in lines(found))


def test_a_known_name_in_another_spelling_is_proposed(diagnose: Diagnose) -> None:
    found = diagnose(orders=[order(1), order(2, status="Shipped -- Partially"), order(3, status="Failed [payment]")])
    failed, shipped = sorted(lines(found["unmapped value", "orders.status"]))
    assert "failed [payment],failed" in failed
    assert "shipped -- partially,shipped" in shipped


def test_a_sales_channel_is_never_guessed(diagnose: Diagnose) -> None:
    found = diagnose(orders=[order(1, sales_channel="instagram"), order(2, sales_channel="web")])
    (proposal,) = lines(found["unmapped value", "orders.sales_channel"])
    assert proposal.startswith("sales_channel,instagram,<decide: ")


def test_orders_called_refunded_without_a_refund_are_counted(diagnose: Diagnose) -> None:
    found = diagnose(
        orders=[order(1, status="refunded", total_amount="45"), order(2, status="refunded"), order(3), order(4)],
        refunds=[refund(2, "100")],
        payments=[payment(3), {**payment(4, "chargeback"), "attempted_at": "2024-03-05 10:00:00"}],
    )["refund implied", "orders.status"]
    assert found["rows"] == 2
    assert "2 orders (145.00 EUR)" in found["message"]
    assert "or a payment (1)" in found["message"]
    assert lines(found)[0].startswith("refunds: {source: <refunds>")


def test_a_part_that_was_paid_back_is_no_refund_of_the_order(diagnose: Diagnose) -> None:
    """Of two payments the last went back: 5 beside 20 that stand are a part, 20 beside 20 are the order."""
    back = {"attempted_at": "2024-03-05 10:00:00", "status": "refunded"}
    found = diagnose(
        orders=[order(1, total_amount="20"), order(2, total_amount="20"), order(3, total_amount="20")],
        order_items=[line(number, unit_price="20") for number in (1, 2, 3)],
        payments=[
            payment(1, amount="20"), {**payment(1, amount="5"), "payment_id": "back-1", **back},
            payment(2, amount="20"), {**payment(2, amount="20"), "payment_id": "back-2", **back},
            payment(3, amount="5"), {**payment(3, amount="20"), "payment_id": "again-3", "attempted_at": "2024-03-06"},
        ],
    )["refund implied", "orders.status"]  # fmt: skip
    assert found["rows"] == 1
    assert "(20.00 EUR)" in found["message"]


def test_a_negative_refund_among_positive_ones_is_named(diagnose: Diagnose) -> None:
    found = diagnose(
        orders=[order(number) for number in range(5)],
        refunds=[*(refund(number, "10") for number in range(4)), refund(4, "-20")],
    )["sign", "refunds.amount"]
    assert (found["severity"], found["rows"]) == ("warning", 1)
    assert "1 of 5 refunds are negative (-20.00 EUR)" in found["message"]
    assert "with the line below 60.00 EUR are refunded, without it 20.00 EUR" in found["message"]
    assert parsed(found)["amount"]["expression"].startswith("abs(")


def test_a_refund_taken_back_is_told_from_another_sign(diagnose: Diagnose) -> None:
    found = diagnose(orders=[order(1)], refunds=[refund(1, "10"), refund(1, "-10")])["sign", "refunds.amount"]
    assert "1 of them beside the same positive amount of their order" in found["message"]


def test_negative_lines_are_discounts_beside_others_and_returns_alone(diagnose: Diagnose) -> None:
    found = diagnose(
        orders=[order(1, total_amount="90"), order(2, total_amount="-100"), order(3)],
        order_items=[
            line(1), {**line(1, unit_price="-10"), "order_item_id": "x"}, line(2, quantity="-1"), line(3),
        ],
    )["sign", "order_items.quantity"]  # fmt: skip
    assert "1 count as discounts of their orders (10.00 EUR)" in found["message"]
    assert "1 stand in orders without any other line (100.00 EUR)" in found["message"]
    assert "the 1 of negative quantity are left out" in found["message"]
    assert lines(found) == ['where: "quantity" > 0']


def test_a_line_proposed_for_returns_would_change_something(diagnose: Diagnose) -> None:
    """A negative price is no negative quantity: leaving those out would keep the line."""
    found = diagnose(orders=[order(1, total_amount="-100")], order_items=[line(1, unit_price="-100")])
    assert found["sign", "order_items.quantity"]["fix"] is None


def test_refunds_without_parts_are_named_with_what_is_not_goods(diagnose: Diagnose) -> None:
    found = diagnose(
        orders=[order(1, total_amount="265.22", shipping_amount="15.32"), order(2)],
        order_items=[line(1, unit_price="249.90"), line(2)],
        refunds=[refund(1, "265.22"), refund(2, "100")],
    )["refund parts", "refunds.amount"]
    assert found["rows"] == 1
    assert "1 refunds (265.22 EUR)" in found["message"]
    assert "in the proportion of their orders 15.32 EUR are" in found["message"]
    assert lines(found)[0] == "shipping_amount: {column: <shipping_amount>}"


def test_prices_that_hold_tax_are_seen_by_their_totals(diagnose: Diagnose) -> None:
    taxed = [order(number, total_amount="105", shipping_amount="5", tax_amount="20") for number in range(4)]
    shop = {"order_items": [line(number) for number in range(4)]}
    found = diagnose(orders=taxed, **shop)["tax", "order_items.unit_price"]
    assert (found["severity"], found["rows"]) == ("error", 4)
    assert "(80.00 EUR)" in found["message"]
    assert lines(found) == ["prices_include_tax: {value: true}"]
    mended = diagnose(orders=[{**one, "prices_include_tax": "true"} for one in taxed], **shop)
    assert ("tax", "order_items.unit_price") not in mended
    assert ("total", "orders.total_amount") not in mended


def test_tax_on_top_of_prices_said_to_hold_it_is_seen_by_their_totals(diagnose: Diagnose) -> None:
    taxed = [
        order(number, total_amount="125", shipping_amount="5", tax_amount="20", prices_include_tax="true")
        for number in range(4)
    ]
    untaxed = order(9, total_amount="100", tax_amount="0", prices_include_tax="true")
    shop = {"order_items": [*(line(number) for number in range(4)), line(9)]}
    found = diagnose(orders=[*taxed, untaxed], **shop)["tax", "orders.prices_include_tax"]
    assert (found["severity"], found["rows"]) == ("error", 4)
    assert "(80.00 EUR)" in found["message"]
    assert "with the line below 4 totals match, without it 0" in found["message"]
    assert lines(found) == ["prices_include_tax: {value: false}"]
    mended = diagnose(orders=[{**one, "prices_include_tax": "false"} for one in [*taxed, untaxed]], **shop)
    assert not {key for key in mended if key[0] in {"tax", "total"}}


def test_payments_tell_a_total_without_tax_from_prices_with_it(diagnose: Diagnose) -> None:
    found = diagnose(
        orders=[order(number, tax_amount="20") for number in range(4)],
        order_items=[line(number) for number in range(4)],
        payments=[payment(number, amount="120") for number in range(4)],
    )["tax", "order_items.unit_price"]
    assert "total_amount is without tax" in found["message"]
    assert parsed(found)["total_amount"]["expression"] == '"total_amount" + "tax_amount"'


def test_a_free_shipping_code_fees_and_tips_are_part_of_a_total(diagnose: Diagnose) -> None:
    extras = {"shipping_amount": "10", "shipping_discount_amount": "10", "fees_amount": "2", "tip_amount": "3"}
    found = diagnose(orders=[order(1, total_amount="105", **extras)], order_items=[line(1)])
    assert ("total", "orders.total_amount") not in found


TEN_OFF = {"discount_amount": "10"}
FREE_SHIPPING = {"shipping_amount": "9", "shipping_discount_amount": "9"}


@pytest.mark.parametrize(
    ("of_order", "of_line", "says", "proposal"),
    [
        ({**TEN_OFF, "total_amount": "90"}, TEN_OFF, "repeats the discounts", "discount_amount: <remove"),
        ({"total_amount": "100"}, TEN_OFF, "after the discount of the line", "discount_amount: <remove"),
        ({**TEN_OFF, "total_amount": "100"}, {}, "after the order's discount", "discount_amount: <remove"),
        ({"shipping_amount": "5", "total_amount": "100"}, {}, "without shipping", "total_amount: {expression"),
        (
            {"total_amount": "285"}, {"quantity": "3", "discount_amount": "5"},
            "for one unit", "discount_amount: {expression",
        ),
        (
            {**FREE_SHIPPING, "discount_amount": "29", "total_amount": "80"}, {},
            "holds shipping_discount_amount", "discount_amount: {expression",
        ),
    ],
)  # fmt: skip
def test_a_total_that_differs_gets_the_reading_that_explains_it(
    diagnose: Diagnose, of_order: dict[str, str], of_line: dict[str, str], says: str, proposal: str
) -> None:
    """Each reading is tried on the data: the message says how many totals match with it and without."""
    found = diagnose(
        orders=[order(0), *(order(number, **of_order) for number in range(1, 5))],
        order_items=[line(0), *(line(number, **of_line) for number in range(1, 5))],
    )["total", "orders.total_amount"]
    assert found["rows"] == 4
    assert says in found["message"]
    assert "With the line below 5 match, without it 1" in found["message"]
    assert lines(found)[0].startswith(proposal)


def test_totals_that_nothing_explains_get_no_line(diagnose: Diagnose) -> None:
    found = diagnose(
        orders=[order(number, total_amount=str(90 - number)) for number in range(5)],
        order_items=[line(number) for number in range(5)],
    )["total", "orders.total_amount"]
    assert found["fix"] is None
    assert "(in all by -60.00 EUR)" in found["message"]
    assert found["examples"][0] == "o4: total 86.00, parts 100.00"


def parsed(finding: dict[str, Any]) -> dict[str, Any]:
    """The first line of the fix as YAML."""
    loaded: dict[str, Any] = yaml.safe_load(lines(finding)[0])
    return loaded


@pytest.mark.parametrize("status", ["wc-completed", "trash", "expired", "payment_review", "partially_refunded"])
def test_statuses_of_common_platforms_need_no_proposal(diagnose: Diagnose, status: str) -> None:
    assert ("unmapped value", "orders.status") not in diagnose(orders=[order(1), order(2, status=status)])
