"""One block of the shop: 400 customers in the RFM window and all others around them, meeting every quota."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from shopper.generate import (
    baskets,
    catalogue,
    churn,
    contexts,
    experiments,
    fulfilment,
    habits,
    journeys,
    marketing,
    people,
    plans,
    service,
    supply,
    visits,
)
from shopper.generate.chance import Chance
from shopper.generate.clock import month_number
from shopper.generate.entities import Order, Person, Product, Session
from shopper.planted_truths import planted

_SURFER_VISITS: Final = 4
_CUSTOMER_CARTS: Final = 0.45
_RECENT_MARKETPLACE: Final = 14
_CANCELLED: Final = 16

Streams = Callable[[str], Chance]


@dataclass(slots=True)
class Shop:
    products: list[Product]
    rates: dict[str, dict[int, float]]
    stocks: list[supply.Stock]
    competitor_prices: list[supply.CompetitorPrice]
    people: list[Person]
    orders: list[Order]
    refunds: list[fulfilment.Refund]
    payments: list[fulfilment.Payment]
    shipments: list[fulfilment.Shipment]
    sessions: list[Session]
    new_customers: Counter[tuple[str, int]]
    """Number of new customers by acquisition channel and month."""
    messages: list[marketing.Message]
    tests: tuple[experiments.Experiment, ...]
    assignments: list[experiments.Assignment]
    reviews: list[service.Review]
    surveys: list[service.Survey]
    tickets: list[service.Ticket]


def build(seed: int, block: int = 0) -> Shop:
    """Build a block of a seed's shop. Blocks differ in everything but products, stock and rates. The same seed gives
    the same shop.
    """

    def shared(stream: str) -> Chance:
        return Chance(seed, stream)

    def chance(stream: str) -> Chance:
        return Chance(seed, f"{block}/{stream}")

    products = catalogue.make_products(shared("products"))
    customers = _customers(chance)
    orders, refunds = _orders(chance, customers, products)
    tracked = _sessions(chance, customers, orders, products)
    everyone = list({session.person.number: session.person for session in tracked.sessions}.values())
    _contexts(chance, tracked.sessions, everyone, products)
    fulfilment.assign_times(chance("times"), orders)
    fulfilment.assign_shipping(chance("shipping"), orders)
    fulfilment.settle_unpaid(chance("unpaid"), tracked.unpaid)
    orders = [*orders, *tracked.unpaid, *fulfilment.cancelled_orders(chance("cancelled"), customers, _CANCELLED)]
    shipments = fulfilment.ship(chance("parcels"), orders)
    payments = fulfilment.pay(chance("payments"), orders)
    valid = [order for order in orders if order.is_valid]
    tests = experiments.experiments(planted("experiment_effect"), planted("campaign_lift"))
    known = {person.number: person for person in [*customers, *everyone]}
    assignments = [
        one for test in tests for one in experiments.assign(chance(test.experiment_id), test, list(known.values()))
    ]
    accounts = [person for person in customers if person.has_account]
    treated = {
        marketing.HOLDOUT_CAMPAIGN: [
            one.person for one in assignments if one.experiment.campaign_id and one.variant == "mailed"
        ]
    }
    return Shop(
        products=products,
        rates=catalogue.exchange_rates(shared("rates")),
        stocks=supply.count_stock(shared("stock"), products),
        competitor_prices=supply.competitor_prices(shared("competitors"), products),
        people=list(known.values()),
        orders=orders,
        refunds=refunds,
        payments=payments,
        shipments=shipments,
        sessions=tracked.sessions,
        new_customers=Counter((one.channel, month_number(one.first_day)) for one in customers if one.is_buyer),
        messages=marketing.send_messages(chance("messages"), accounts, treated),
        tests=tests,
        assignments=assignments,
        reviews=service.write_reviews(chance("reviews"), valid, 400),
        surveys=service.invite(chance("surveys"), [one for one in valid if one.person.has_account], planted("nps")),
        tickets=service.open_tickets(
            chance("tickets"),
            customers,
            380,
            round(planted("response_minutes_before")),
            round(planted("response_minutes_after")),
        ),
    )


def _customers(chance: Streams) -> list[Person]:
    customers = plans.plan_customers(chance("plans"), planted("loyal_share"), planted("potential_churn_share"))
    people.assign_profiles(
        chance("people"),
        customers,
        planted("young_share"),
        planted("older_share"),
        planted("older_aov_ratio"),
        planted("tier_1_aov_ratio"),
    )
    habits.assign_channels(
        chance("channels"),
        customers,
        planted("app_repurchase_rate"),
        planted("mini_program_repurchase_ratio"),
        planted("marketplace_retention"),
    )
    habits.assign_personas(chance("personas"), customers, planted("simplifier_order_share"))
    people.refer(chance("referrals"), customers)
    return customers


def _orders(
    chance: Streams, customers: Sequence[Person], products: Sequence[Product]
) -> tuple[list[Order], list[fulfilment.Refund]]:
    orders = baskets.make_orders(chance("baskets"), customers, products)
    refunds = fulfilment.make_refunds(chance("refunds"), orders)
    seasons = {
        ("books", 9): planted("season_books_september"),
        ("clothing", 11): planted("season_clothing_november"),
        ("food", 1): planted("season_food_january"),
    }
    regions = {("clothing", "Northeast"): planted("region_clothing_northeast")}
    shares = chance("shares")
    for _ in range(3):
        baskets.plant_loyal_revenue(chance("loyal"), products, orders, planted("loyal_revenue_share"))
        baskets.plant_category_shares(shares, products, orders, planted("lower_tier_home_share"), seasons, regions)
    fulfilment.assign_currencies(chance("currencies"), customers)
    return orders, refunds


def _sessions(
    chance: Streams, customers: Sequence[Person], orders: Sequence[Order], products: Sequence[Product]
) -> visits.Visits:
    tracked = visits.Visits(chance("visits"), baskets.Shelf(chance("wishes"), products))
    visits.order_sessions(tracked, orders)
    needs = visits.step_counts(tracked.count(5), planted("cart_loss"))
    visits.unpaid_sessions(tracked, customers, needs[4], orders)
    for depth in (2, 3):
        visits.customer_carts(tracked, customers, depth, round(needs[depth] * _CUSTOMER_CARTS))
    visits.persona_visits(tracked, customers, _SURFER_VISITS)
    churn.plant_lift(tracked, [one for one in customers if one.is_buyer], planted("churn_signal_lift"))
    left = {depth: needs[depth] - tracked.count(depth) for depth in needs}
    new_customers = visits.new_marketplace_buyers(customers)
    marketplace = round(new_customers / planted("marketplace_conversion")) - new_customers
    surfers = round(planted("surfer_share") * visits.people_count(customers, marketplace + _RECENT_MARKETPLACE))
    anonymous = visits.anonymous_people(
        tracked,
        len(customers),
        marketplace + _RECENT_MARKETPLACE,
        surfers - sum(one.persona == "surfer" for one in customers),
    )
    visits.anonymous_visits(tracked, anonymous, left, _SURFER_VISITS, marketplace)
    return tracked


def _contexts(
    chance: Streams, sessions: list[Session], everyone: Sequence[Person], products: Sequence[Product]
) -> None:
    contexts.assign_devices(chance("devices"), sessions, planted("mobile_share"))
    contexts.assign_systems(chance("systems"), everyone, planted("android_paid_ratio"))
    journeys.plant_recommendations(chance("recommendations"), sessions, planted("off_category_cart_ratio"))
    contexts.assign_pace(
        sessions, planted("ios_stay_ratio"), planted("surfer_time_share"), planted("surfer_page_ratio")
    )
    contexts.assign_hours(chance("hours"), sessions)
    writer = journeys.EventWriter(chance("journeys"), products)
    for session in sessions:
        writer.write_events(session)
    journeys.plant_load_times(chance("load times"), sessions, planted("slow_page_exit_rate"))
