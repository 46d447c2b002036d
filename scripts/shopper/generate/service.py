"""Reviews, surveys and support tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import AS_OF, DAY_SECONDS, day_of, moment
from shopper.generate.entities import Order, Person, Product

PROCESS_CHANGE: Final = date(2025, 1, 1)
_END: Final = moment(AS_OF, DAY_SECONDS - 1)
_PRAISE: Final = (
    "质量很好 物流也快",
    "Great quality, fast delivery",
    "包装完好 会回购",
    "Exactly as described",
    "价格实惠 👍",
    "Soft and comfortable",
    "客服耐心 体验不错",
    "",
)
_MIXED: Final = ("一般般 符合价格", "Okay for the price", "颜色和图片有点不一样", "Delivery took a while")
_COMPLAINTS: Final = (
    "物流太慢了 等了一周",
    "Broke after two days",
    "尺码偏小 退货了",
    "Package arrived damaged",
    "客服不理人",
    "质量差 不值这个价",
)
_TOPICS: Final = {"delivery": 34, "product": 22, "refund": 20, "payment": 10, "account": 8, "promotion": 6}


@dataclass(frozen=True, slots=True)
class Review:
    order: Order
    product: Product
    rating: int
    text: str
    at: int


@dataclass(slots=True, eq=False)
class Survey:
    order: Order
    kind: str
    aspect: str
    invited_at: int
    score: int | None = None
    comment: str | None = None
    responded_at: int | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    person: Person
    order: Order | None
    topic: str
    contact: str
    handled_by: str
    is_complaint: bool
    opened_at: int
    first_response_at: int
    resolved_at: int | None
    satisfaction: int | None


def write_reviews(chance: Chance, orders: Sequence[Order], count: int) -> list[Review]:
    """Reviews of completed orders. Refunded orders get low ratings."""
    reviews = []
    able = [order for order in orders if order.completed_at is not None and order.completed_at < _END - 6 * DAY_SECONDS]
    for order in sorted(chance.some(able, count), key=lambda one: one.placed_at):
        happy = {1: 8, 2: 3, 3: 1} if order.refunded else {5: 52, 4: 26, 3: 12, 2: 6, 1: 4}
        rating = chance.one(happy)
        words = _PRAISE if rating >= 4 else _MIXED if rating == 3 else _COMPLAINTS
        at = (order.completed_at or 0) + chance.randint(1, 5) * DAY_SECONDS
        reviews.append(Review(order, chance.choice(order.lines).product, rating, chance.choice(words), at))
    return reviews


_SURVEYS: Final[dict[str, dict[int, float]]] = {
    "csat": {5: 48, 4: 32, 3: 11, 2: 5, 1: 4},
    "ces": {7: 20, 6: 30, 5: 24, 4: 12, 3: 7, 2: 4, 1: 3},
    "brand_intent": {5: 34, 4: 33, 3: 20, 2: 8, 1: 5},
}
_INVITED: Final = {"nps": 400, "csat": 330, "ces": 120, "brand_intent": 130}
_ANSWERED: Final = {"nps": 0.5, "csat": 0.6, "ces": 0.5, "brand_intent": 0.55}
_ASPECTS: Final = {"overall": 3, "quality": 2, "price": 2, "logistics": 3, "service": 2}


def invite(chance: Chance, orders: Sequence[Order], nps: float) -> list[Survey]:
    """Surveys after completed orders. Customers without another order within 90 days tend to give lower scores.

    nps: share of promoters less share of detractors, 0 to 0.6; one fifth of the answers are detractors.
    """
    able = [order for order in orders if order.completed_at is not None and order.completed_at < _END - 9 * DAY_SECONDS]
    promoters, passives = nps + 0.2, 0.6 - nps
    recommend = {10: promoters * 0.6, 9: promoters * 0.4, 8: passives * 0.6, 7: passives * 0.4}
    weights = {**_SURVEYS, "nps": {**recommend, 6: 0.08, 5: 0.05, 3: 0.04, 0: 0.03}}
    surveys = []
    for kind, count in _INVITED.items():
        asked = sorted(chance.some(able, count), key=lambda one: one.placed_at)
        aspects = chance.quota(len(asked), _ASPECTS) if kind == "csat" else ["overall"] * len(asked)
        batch = [
            Survey(order, kind, aspect, (order.completed_at or 0) + DAY_SECONDS)
            for order, aspect in zip(asked, aspects, strict=True)
        ]
        answered = chance.some(batch, round(len(batch) * _ANSWERED[kind]))
        scores = sorted(chance.quota(len(answered), weights[kind]))
        answered.sort(key=lambda survey: orders_again(survey.order) + chance.uniform(0, 1.6))
        for survey, score in zip(answered, scores, strict=True):
            survey.score = score
            survey.responded_at = survey.invited_at + chance.randint(600, 6 * DAY_SECONDS)
            if chance.yes(0.15):
                low = score <= {"nps": 6, "ces": 3}.get(kind, 2)
                survey.comment = chance.choice(_COMPLAINTS if low else _PRAISE)
        surveys += batch
    return sorted(surveys, key=lambda survey: (survey.invited_at, survey.kind, survey.order.person.number))


def orders_again(order: Order) -> bool:
    """Whether the customer orders again within 90 days."""
    return any(order.day < day <= order.day + 90 for day in order.person.order_days)


def open_tickets(chance: Chance, people: Sequence[Person], count: int, before: int, after: int) -> list[Ticket]:
    """Tickets of customers.

    before, after: median minutes to the first response by a person (not a bot), before and after the process change.
    """
    change = day_of(PROCESS_CHANGE)
    buyers = [person for person in people if person.has_account and person.is_buyer]
    topics = chance.quota(count, _TOPICS)
    handlers = chance.quota(count, {"human": 86, "bot": 14})
    tickets = []
    for place, (topic, handled_by) in enumerate(zip(topics, handlers, strict=True)):
        opened_day = 3 + place * (AS_OF - 5) // count
        able = [person for person in buyers if person.first_day < opened_day]
        recent = [person for person in able if any(0 < opened_day - day < 15 for day in person.order_days)]
        person = chance.choice(recent or able or buyers)
        order = next((one for one in person.orders if 0 < opened_day - one.day < 15), None)
        opened = moment(opened_day, chance.randint(9 * 3600, 22 * 3600))
        typical = after if opened_day >= change else before
        spread = typical * 60 // 3
        seconds = typical * 60 + chance.randint(-spread, spread) if handled_by == "human" else chance.randint(2, 20)
        resolved = opened + seconds + round(chance.uniform(0.2, 30) * 3600)
        satisfaction = chance.one({5: 4, 4: 4, 3: 2, 2: 1, 1: 1}) if chance.yes(0.55) else None
        tickets.append(
            Ticket(
                person=person,
                order=order if topic in ("delivery", "product", "refund") else None,
                topic=topic,
                contact=chance.one({"chat": 6, "phone": 2, "email": 2}),
                handled_by=handled_by,
                is_complaint=chance.yes(0.22),
                opened_at=opened,
                first_response_at=opened + seconds,
                resolved_at=resolved if resolved <= _END else None,
                satisfaction=satisfaction if resolved <= _END else None,
            )
        )
    return tickets
