"""The container file: what it copies is there, and what must never be in an image is left out. It is not built here."""

from __future__ import annotations

import re
from fnmatch import fnmatch

from running import ROOT

CONTAINER = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LEFT_OUT = [
    line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
]


def is_left_out(path: str) -> bool:
    """Whether a path of the project, or a folder above it, is not copied."""
    parts = path.split("/")
    above = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    return any(fnmatch(one, pattern.removeprefix("**/")) for pattern in LEFT_OUT for one in (*above, *parts[:1]))


def test_what_is_copied_from_the_project_is_there() -> None:
    copied = [
        source for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINER, re.MULTILINE) for source in line.split()[:-1]
    ]
    assert "requirements.txt" in copied
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_no_file_of_customers_and_no_environment_is_copied() -> None:
    for path in ("warehouse/shop.duckdb", "exports/orders.csv", "lists/x.csv", "my_shop/shop.yml", "published/x",
                 ".venv/bin/dbt", ".git/config", "target/manifest.json"):  # fmt: skip
        assert is_left_out(path), path
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/exports/", "/lists/", "/my_shop/"} <= set(ignored)


def test_what_a_run_reads_is_copied() -> None:
    needed = """
        dbt_project.yml profiles/profiles.yml models/marts/business/orders.sql tests/generic/unique_key.sql
        seeds/reference/age_bands.csv scripts/shopper/cli.py sources/README.md docs/definitions/orders.md
    """
    for path in needed.split():
        assert (ROOT / path).exists() and not is_left_out(path), path


def test_the_versions_that_are_installed_are_pinned() -> None:
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    base = [line for line in (ROOT / "requirements/base.in").read_text(encoding="utf-8").splitlines() if "==" in line]
    assert {line.split("==")[0] for line in base} <= pinned
    assert "setuptools" in pinned  # the container installs the project with it, without a download
