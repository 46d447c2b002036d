"""Customers and products as raw rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import moment, seconds_text, utc_text
from shopper.generate.entities import Product
from shopper.generate.people import birth_date
from shopper.generate.rows.texts import Row, boolean_text, money
from shopper.generate.shop import Shop

_JOBS: Final = {
    "office": 5,
    "engineer": 2,
    "teacher": 1,
    "student": 1,
    "self-employed": 2,
    "medical": 1,
    "civil servant": 1,
}
_EDUCATION: Final = {"bachelor": 5, "college": 3, "master": 2, "high school": 2}
_INCOME: Final = {"below 5k": 1, "5k-10k": 4, "10k-20k": 4, "above 20k": 2}


def customer_rows(shop: Shop, chance: Chance) -> Iterable[Row]:
    """Accounts by id."""
    accounts = sorted((one for one in shop.people if one.customer_id), key=lambda one: one.customer_id or "")
    for person in accounts:
        is_foreign = any(order.currency != "CNY" for order in person.orders)
        kind = (
            "cross_border"
            if is_foreign
            else "business"
            if person.plan == "loyal" and chance.yes(0.08)
            else "individual"
        )
        age = person.age
        level = {"loyal": "gold", "frequent": "gold", "prospect": "basic"}.get(
            person.plan, chance.one({"basic": 3, "silver": 4})
        )
        registered = person.registered_at
        yield {
            "customer_id": person.customer_id,
            "registered_at": utc_text(registered),
            "birth_date": birth_date(chance, age) if age is not None else None,
            "gender": person.gender,
            "country": "CN",
            "region": person.region,
            "city": person.city,
            "city_tier": person.city_tier,
            "customer_type": kind,
            "occupation": chance.one(_JOBS) if chance.yes(0.8) else None,
            "education": chance.one(_EDUCATION) if chance.yes(0.7) else None,
            "marital_status": chance.choice(["single", "married"]) if chance.yes(0.6) else None,
            "income_band": chance.one(_INCOME) if chance.yes(0.6) else None,
            "member_level": level,
            "points_balance": round(sum(order.net for order in person.orders if order.is_valid) * 0.1),
            "signup_channel": person.channel,
            "referrer_customer_id": person.referrer.customer_id if person.referrer else None,
            "email_opt_in": boolean_text(chance.yes(0.7)),
            "sms_opt_in": boolean_text(chance.yes(0.45)),
            "push_opt_in": boolean_text(chance.yes(0.6)),
            "updated_at": seconds_text(registered + chance.randint(0, 20) * 3_600),
        }


def product_row(product: Product) -> Row:
    """A product."""
    return {
        "product_id": product.product_id,
        "product_name": product.name,
        "category": product.category,
        "subcategory": product.subcategory,
        "brand": product.brand,
        "list_price": money(product.price),
        "unit_cost": money(product.cost) if product.cost is not None else None,
        "currency": "CNY",
        "image_count": product.images,
        "description_length": product.description,
        "listed_at": utc_text(moment(product.listed_day, 36_000)),
        "discontinued_at": utc_text(moment(product.discontinued_day, 72_000))
        if product.discontinued_day is not None
        else None,
        "updated_at": utc_text(moment(max(product.listed_day, -30), 40_000)),
    }
