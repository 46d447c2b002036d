"""Results of mutants: a file that grows line by line, and the table of docs/trust.md."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import yaml

from shopper.bench.mutation.mutants import Mutant

KILLED: Final = "killed"
SURVIVED: Final = "survived"
INVALID: Final = "invalid"
_EQUAL: Final = Path(__file__).with_name("equal.yml")
_BEGIN: Final = "<!-- mutation: begin -->"
_END: Final = "<!-- mutation: end -->"


@dataclass(frozen=True)
class Result:
    """What became of a mutant. by: the first test that noticed it; empty for a survivor.

    is_same: whether its table is the same as that of the model on the built data; only a unit test can notice it then.
    """

    key: str
    model: str
    domain: str
    step: str
    text: str
    outcome: str
    by: str = ""
    is_same: bool = False


class Results:
    """The results so far. Each is written as soon as it is known, so that a run goes on where it was stopped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        found = [Result(**json.loads(line)) for line in lines]
        self.by_key = {result.key: result for result in found}

    def add(self, result: Result) -> None:
        self.by_key[result.key] = result
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")

    def of(self, mutants: Iterable[Mutant]) -> list[Result]:
        """Results of these mutants, as far as they are known."""
        return [replace(self.by_key[one.key], text=one.text) for one in mutants if one.key in self.by_key]


def known_as_equal() -> Mapping[str, Collection[str]]:
    """Mutants that no input tells from their model, by model: their texts."""
    entries = yaml.safe_load(_EQUAL.read_text(encoding="utf-8")) or {}
    return {model: {one["change"] for one in ones} for model, ones in entries.items()}


def stale(mutants: Iterable[Mutant]) -> list[str]:
    """Entries of equal.yml that are none of all mutants: the model has changed since."""
    known = {(one.model, one.text) for one in mutants}
    entries = ((model, text) for model, texts in known_as_equal().items() for text in sorted(texts))
    return [f"{model} {text}" for model, text in entries if (model, text) not in known]


def counted(results: Iterable[Result]) -> list[Result]:
    """Results without mutants that the engine refuses and those that are known as equal."""
    equal = known_as_equal()
    return [one for one in results if one.outcome != INVALID and one.text not in equal.get(one.model, ())]


def table(results: Iterable[Result]) -> str:
    """Mutants, killed ones and their share by domain, as Markdown."""
    by_domain: dict[str, list[Result]] = {}
    for result in counted(results):
        by_domain.setdefault(result.domain, []).append(result)
    lines = [
        "| domain | models | mutants | killed | share | survived on the sample's rows | survived unseen |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    everything = [result for group in by_domain.values() for result in group]
    for domain, group in [*sorted(by_domain.items()), ("all", everything)]:
        killed = sum(one.outcome == KILLED for one in group)
        unseen = sum(one.outcome == SURVIVED and one.is_same for one in group)
        share = f"{killed / len(group):.0%}" if group else ""
        models = len({one.model for one in group})
        counts = (models, len(group), killed, share, len(group) - killed - unseen, unseen)
        lines.append(
            f"| {domain} | " + " | ".join(f"{one:,}" if isinstance(one, int) else one for one in counts) + " |"
        )
    return "\n".join(lines)


def survivors(results: Iterable[Result]) -> str:
    """The survivors, as Markdown: where they are, and whether they change a row of the sample shop."""
    found = sorted((one for one in counted(results) if one.outcome == SURVIVED), key=lambda one: (one.model, one.text))
    if not found:
        return "None."
    lines = ["| model | step | change | changes a row of the sample |", "|---|---|---|---|"]
    for one in found:
        change = one.text.replace("|", "\\|").replace("`", "'")
        lines.append(f"| {one.model} | {one.step or 'last select'} | `{change}` | {'no' if one.is_same else 'yes'} |")
    return "\n".join(lines)


def write_page(page: Path, results: Iterable[Result]) -> None:
    """Put the table and the survivors between the two marks of a page."""
    results = list(results)
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(_BEGIN)
    after = rest.split(_END)[1]
    found = f"{table(results)}\n\n### Survivors\n{survivors(results)}"
    page.write_text(f"{before}{_BEGIN}\n{found}\n{_END}{after}", encoding="utf-8")
