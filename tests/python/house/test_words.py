"""One word for one thing, one relation for one name, one place for one meaning."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Any

import yaml
from project_files import ANALYSES, MODELS, TESTS

from running import ROOT

QUERIES = [*MODELS, *TESTS, *ANALYSES]

# The word that the project does not use, and the one that it does (CONTRIBUTING, "Names").
RETIRED = {
    "room": "domain",
    "rooms": "domain",
    "leaving": "churn",
    "judged": "classified, checked or evaluated",
    "told": "classified",
    "said": "stated",
    "weighed": "scored",
    "worths": "values",
    "ways": "channels or methods",
    "paces": "gaps",
    "utterances": "feedback",
    "standings": "classes",
}
# An import stands on one line, a step on several.
CTE = re.compile(r"^([a-z_0-9]+) as \((?:\n(.*?)^|(select \* from [^\n]*))\)", re.M | re.S)
IMPORT = re.compile(r"select \* from \{\{ ref\('(\w+)'\) \}\}")


def words_of(name: str) -> set[str]:
    return set(name.split("_"))


def test_names_use_the_words_of_the_project(manifest: dict[str, Any]) -> None:
    names = {path.stem for path in QUERIES}
    names |= {seed.stem for seed in (ROOT / "seeds/reference").glob("*.csv")}
    names |= {test["name"] for test in manifest["unit_tests"].values()}
    for node in manifest["nodes"].values():
        if node["resource_type"] in {"model", "seed"}:
            names |= {node["name"], *node["columns"]}
    for path in QUERIES:
        names |= {found[1] for found in CTE.finditer(path.read_text(encoding="utf-8"))}
    wrong = {name: RETIRED[word] for name in names for word in words_of(name) & set(RETIRED)}
    assert wrong == {}


def test_a_cte_is_named_after_what_it_imports_and_means_one_relation(manifest: dict[str, Any]) -> None:
    """`x as (select * from {{ ref('int_x') }})`: nowhere is x another relation, nor a step."""
    relations = {
        node["name"]: re.sub(r"^(base|stg|int|raw)_", "", node["name"])
        for node in manifest["nodes"].values()
        if node["resource_type"] in {"model", "seed"}
    }
    imported: dict[str, set[str]] = defaultdict(set)
    steps: dict[str, set[str]] = defaultdict(set)
    for path in QUERIES:
        for name, _step, line in CTE.findall(path.read_text(encoding="utf-8")):
            found = IMPORT.fullmatch(line)
            if found:
                imported[name].add(found[1])
            else:
                steps[name].add(str(path.relative_to(ROOT)))
    ambiguous = {name: sorted(relation) for name, relation in imported.items() if len(relation) > 1}
    reused = {name: sorted(steps[name]) for name in set(steps) & {*imported, *relations.values(), *relations}}
    assert (ambiguous, reused) == ({}, {})


def test_a_meaning_is_written_once() -> None:
    """A description that three columns share is a doc block in docs/definitions."""
    written: Counter[str] = Counter()
    for path in [*(ROOT / "models").rglob("*.yml"), *(ROOT / "seeds").rglob("*.yml")]:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for kind in ("models", "seeds"):
            for entry in loaded.get(kind, []):
                written.update(
                    text for column in entry.get("columns", []) if "doc(" not in (text := column.get("description", ""))
                )
    assert {text: times for text, times in written.items() if text and times > 2} == {}
