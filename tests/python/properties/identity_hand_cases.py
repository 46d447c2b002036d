"""Difficult cases of the customer of a session, with results computed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from generated import Cases

_MORNING: Final = datetime(2024, 9, 3, 1)


@dataclass(frozen=True)
class Stay:
    """A session: hours after the start of the case, device, customer of its row, of an event a minute later."""

    hour: int
    device: str
    known: str | None = None
    login: str | None = None


@dataclass(frozen=True)
class Person:
    """Sessions in order, merged accounts, and the expected customer of each session."""

    name: str
    stays: tuple[Stay, ...]
    customers: tuple[str | None, ...]
    merged: tuple[tuple[str, str], ...] = ()


PEOPLE: Final = (
    Person("a login in the middle of a session makes it the customer's", (Stay(0, "phone", login="ann"),), ("ann",)),
    Person(
        "of two logins in one session the first counts",
        (Stay(0, "phone", known="ann", login="bob"),),
        ("ann",),
    ),
    Person(
        "two customers on one device are not merged: who is next, else who was last",
        (Stay(0, "tv"), Stay(1, "tv", login="ann"), Stay(2, "tv"), Stay(3, "tv", login="bob"), Stay(4, "tv")),
        ("ann", "ann", "bob", "bob", "bob"),
    ),
    Person(
        "one customer on three devices, each with a visit before the login",
        (
            Stay(0, "phone"), Stay(1, "laptop"), Stay(2, "tablet"),
            Stay(3, "phone", login="ann"), Stay(4, "laptop", known="ann"), Stay(5, "tablet", login="ann"),
        ),
        ("ann", "ann", "ann", "ann", "ann", "ann"),
    ),
    Person(
        "a merge after the fact renames what was before it, along the chain",
        (Stay(0, "phone"), Stay(1, "phone", login="old"), Stay(2, "phone", login="new")),
        ("best", "best", "best"),
        (("old", "new"), ("new", "best")),
    ),
    Person(
        "a merge of one of two customers on a device leaves the other alone",
        (Stay(0, "tv", login="old"), Stay(1, "tv", login="bob"), Stay(2, "tv")),
        ("best", "bob", "bob"),
        (("old", "best"),),
    ),
    Person("a device without a login has no customer", (Stay(0, "phone"), Stay(1, "phone")), (None, None)),
)  # fmt: skip


def add_people(cases: Cases) -> None:
    """Sessions are `k-<number>-<position>`; ids of devices and customers start with `k-<number>-` too."""
    for number, person in enumerate(PEOPLE):
        cases.count += 1
        for account, target in person.merged:
            cases.add("customers", customer_id=f"k-{number}-{account}", merged_into_customer_id=f"k-{number}-{target}")
        for place, stay in enumerate(person.stays):
            began = _MORNING + timedelta(hours=stay.hour)
            session, visitor = f"k-{number}-{place}", f"k-{number}-{stay.device}"
            known = f"k-{number}-{stay.known}" if stay.known else None
            cases.add("sessions", session_id=session, visitor_id=visitor, started_at=began, customer_id=known)
            if stay.login:
                cases.add(
                    "events", event_id=f"{session}-login", session_id=session, visitor_id=visitor, event_type="login",
                    occurred_at=began + timedelta(minutes=1), customer_id=f"k-{number}-{stay.login}",
                )  # fmt: skip
