"""Rules of style for SQL files that neither dbt nor the linter checks."""

from __future__ import annotations

import re

from project_files import ANALYSES, MACROS, MODELS, TESTS, lines_with

from running import ROOT

LONGEST_MODEL = 100
LONGEST_LINE = 120

CLOCKS = re.compile(
    r"\b(now|today|getdate|sysdate|random|uuid|gen_random_uuid)\s*\(|\bcurrent_(date|time|timestamp)\b|run_started_at"
)
ONE_ENGINE = re.compile(
    r"::|\basof\b|\bexclude\s*\(|\breplace\s*\(\s*\w+\s+as\b"
    r"|\b(arg_max|arg_min|date_diff|date_sub|epoch\w*|strftime|strptime|list_\w+|struct_pack|unnest|read_csv|read_parquet|make_timestamp|timezone|string_split)\s*\(|\bas\s+varchar\b"
)
STAR = re.compile(r"\bselect\s+(?:\w+\.)?\*(?!\s+from\s+\{\{\s*(?:ref|source)\()")


def test_models_have_at_most_100_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODELS}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODEL} == {}


def test_lines_have_at_most_120_characters() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*MODELS, *MACROS, *TESTS, *ANALYSES]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_no_star_past_the_imports() -> None:
    assert lines_with(STAR, MODELS) == []


def test_no_model_uses_the_clock_or_random_numbers() -> None:
    assert lines_with(CLOCKS, [*MODELS, *MACROS]) == []


def test_engine_specific_sql_is_only_in_macros_engine() -> None:
    assert lines_with(ONE_ENGINE, MODELS) == []


def test_every_macro_has_a_comment() -> None:
    """Every macro follows a comment, except engine versions and the upper end of an interval after the lower one."""
    silent = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MACROS
        for before, name in re.findall(r"(#\}|%\}|\A)\s*\{%-? macro (\w+)", path.read_text(encoding="utf-8"))
        if before != "#}" and not name.startswith(("default__", "spark__")) and not name.endswith("_high")
    ]
    assert silent == []
