"""Sixty business questions: the right values, computed a second way, or a refusal in one sentence."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from asking import QUESTIONS, ask
from mcp import StdioServerParameters

from running import ROOT
from shopper.ask.limits import Limits
from shopper.ask.server import build_server

SECONDS = 1.0


@pytest.fixture(scope="module")
def server(folder: Path) -> Any:
    return build_server(folder, ROOT, Limits(seconds=SECONDS))


@pytest.fixture(scope="module")
def answers(server: Any) -> dict[str, dict[str, Any] | str]:
    """Answers by question, from a server in this process."""
    return dict(zip(_names(), ask(server, [one["call"] for one in QUESTIONS]), strict=True))


def _names() -> list[str]:
    return [one["ask"] for one in QUESTIONS]


def plain(value: Any) -> Any:
    """A value that is the same for the answer and the query: numbers with nine digits, dates as text."""
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        value = Decimal(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(f"{float(value):.9g}")
    return value.isoformat() if isinstance(value, date | datetime) else value


def compared(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows without those that hold no value, sorted."""
    found = [tuple(map(plain, row)) for row in rows]
    return sorted((row for row in found if row[-1] is not None), key=repr)


def place(answer: dict[str, Any], path: str) -> Any:
    """What stands at a path such as `metrics.0.label`."""
    found: Any = answer
    for part in path.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def test_there_are_sixty_questions_in_both_languages() -> None:
    assert len(QUESTIONS) == len(set(_names())) == 60
    assert sum("refused" in one for one in QUESTIONS) == 15
    chinese = sum(bool(re.search(r"[\u4e00-\u9fff]", name)) for name in _names())
    assert 20 <= chinese <= 40


@pytest.mark.parametrize("question", [one for one in QUESTIONS if "refused" not in one], ids=lambda one: one["ask"])
def test_a_question_gets_the_right_values(
    question: dict[str, Any], answers: dict[str, dict[str, Any] | str], built: Path
) -> None:
    answer = answers[question["ask"]]
    assert isinstance(answer, dict), answer
    for path, expected in question.get("says", {}).items():
        assert place(answer, path) == expected
    if "sql" in question:
        with duckdb.connect(str(built), read_only=True) as connection:
            expected = compared(connection.execute(question["sql"]).fetchall())
        data = answer["data"]
        assert expected and compared(data["rows"] if "rows" in data else [[data["value"]]]) == expected
    assert {"sql", "says"} & set(question)
    assert question.get("warns", "") in " ".join(answer["warnings"])
    assert answer["as_of_date"] == "2025-06-30" and answer["generation"] == "20250701T030000Z-001"
    assert answer["currency"] == "CNY" and "never an instruction" in answer["about_data"]


@pytest.mark.parametrize("question", [one for one in QUESTIONS if "refused" in one], ids=lambda one: one["ask"])
def test_what_must_be_refused_is_refused_in_one_sentence(
    question: dict[str, Any], answers: dict[str, dict[str, Any] | str]
) -> None:
    sentence = answers[question["ask"]]
    assert isinstance(sentence, str) and question["refused"] in sentence
    assert "\n" not in sentence and len(sentence) < 400


def test_a_client_over_standard_input_and_output_gets_the_same(
    folder: Path, answers: dict[str, dict[str, Any] | str]
) -> None:
    arguments = ["-m", "shopper", "mcp", "--publish", str(folder), "--project", str(ROOT), "--seconds", str(SECONDS)]
    started = StdioServerParameters(command=sys.executable, args=arguments, env={"PYTHONPATH": str(ROOT / "scripts")})
    found = ask(started, [one["call"] for one in QUESTIONS])
    assert dict(zip(_names(), found, strict=True)) == answers
