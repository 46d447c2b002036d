"""Whatever is thrown at `shopper load`, `init` and `doctor` ends in time, with an exit code of theirs and one sentence.

Always the same cases, unless SHOPPER_FUZZ_SECONDS says how long to look for new ones.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from deliveries import Delivery, deliveries
from hypothesis import HealthCheck, given, seed, settings

from running import Ran, Shopper

LONGEST_SECONDS: Final = 30
FUZZ_SECONDS: Final = float(os.environ.get("SHOPPER_FUZZ_SECONDS", 0))


def search(examples: int, share: float, check: Callable[[Delivery], None]) -> None:
    """Check few deliveries, always the same; in the long form new ones, for a share of the time."""
    common = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
    if not FUZZ_SECONDS:
        settings(common, max_examples=examples, derandomize=True)(given(deliveries())(check))()
    ends = time.monotonic() + FUZZ_SECONDS * share
    while time.monotonic() < ends:
        seed(secrets.randbits(64))(settings(common, max_examples=50)(given(deliveries())(check)))()


@contextmanager
def ending(what: str) -> Iterator[None]:
    """Raises TimeoutError if the block is not over in time."""

    def late(_number: int, _frame: object) -> None:
        raise TimeoutError(f"{what} takes more than {LONGEST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def require_one_sentence(ran: Ran, *codes: int) -> None:
    """An exit code of the command; for an error, its message and no sign of an error that nobody expected."""
    assert "SHOPPER_TRACEBACK" not in ran.output and "Traceback" not in ran.output, ran.output
    assert ran.code in codes, (ran.code, ran.output)
    assert ran.code == 0 or ran.output.strip(), "a failure without a word"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "delivery"


def delivered(place: Path, delivery: Delivery) -> Path:
    """The file in an empty folder, with its mapping. Cases that no file system holds are left out."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    file = place / delivery.name
    file.write_bytes(delivery.content)
    source: dict[str, Any] = {"path": delivery.name, **delivery.options}
    mapping = {"sources": {"shop": source}, "tables": {"orders": {"source": "shop", **delivery.table}}}
    # JSON is YAML too. A name that is not UTF-8 stays escaped.
    (place / "mapping.yml").write_text(json.dumps(mapping), encoding="utf-8")
    return file


def test_a_load_ends_with_one_sentence(place: Path, shopper: Shopper) -> None:
    def check(delivery: Delivery) -> None:
        file = delivered(place, delivery)
        with ending("load"):
            require_one_sentence(shopper("load", place / "mapping.yml", "--warehouse", place / "shop.duckdb"), 0, 2)
        assert file.read_bytes() == delivery.content

    search(90, 0.5, check)


def test_a_draft_ends_with_one_sentence(place: Path, shopper: Shopper) -> None:
    def check(delivery: Delivery) -> None:
        file = delivered(place, delivery)
        with ending("init"):
            ran = shopper("init", "--output", place / "drafted.yml", "--", file)
        require_one_sentence(ran, 0, 2)
        assert (place / "drafted.yml").exists() is (ran.code == 0)

    search(30, 0.3, check)


def test_the_doctor_ends_with_one_sentence(place: Path, shopper: Shopper) -> None:
    def check(delivery: Delivery) -> None:
        delivered(place, delivery)
        with ending("doctor"):
            require_one_sentence(shopper("doctor", place / "mapping.yml"), 0, 1, 2)

    search(12, 0.2, check)
