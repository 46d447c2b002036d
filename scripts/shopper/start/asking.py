"""What `shopper start` has to know: given as options, kept from an earlier start, or asked on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import typer

from shopper.errors import BadInput
from shopper.init.yielding import Counted
from shopper.start.places import Place
from shopper.variables import checked_variables

_TAX_QUESTION = "Do the shop's prices include tax (yes, no, or ? if you do not know)"


@dataclass(frozen=True)
class Answers:
    """folder: exports, None where a mapping is there and no folder was given. timezone, currency: None where the
    configuration is there, which has them. taxed: whether prices hold the tax; None is not known. counted: the ready
    sources that fill a table where several could, by table.
    """

    folder: Path | None
    timezone: str | None
    currency: str | None
    taxed: bool | None
    counted: Counted = field(default_factory=dict)


def ask_for(
    place: Place,
    root: Path,
    *,
    folder: Path | None,
    timezone: str | None,
    currency: str | None,
    taxed: bool | None,
    counted: Counted | None = None,
) -> Answers:
    """The answers, checked.

    Raises BadInput for an invalid one, for one that contradicts what is in `place`, and if there is no terminal to ask
    on.
    """

    def is_folder(text: str) -> str:
        if not Path(text).expanduser().is_dir():
            raise BadInput(f"{text}: no such folder")
        return text

    def is_valid(name: str) -> Callable[[str], str]:
        def check(text: str) -> str:
            checked_variables({f"reporting_{name}": text}, root, f"--{name}")
            return text

        return check

    kept = place.kept_variables()
    for name, given in (("timezone", timezone), ("currency", currency)):
        before = kept.get(f"reporting_{name}")
        if given is not None and kept and given != before:
            raise BadInput(f"--{name} {given}: {place.configuration} says {before}; change it there")
    if counted and place.mapping.exists():
        raise BadInput(f"--count: {place.mapping} is there already; delete it to have it drafted again")
    path = None if folder is None else is_folder(str(folder))
    if path is None and not place.mapping.exists():
        path = _asked("FOLDER", "Folder with the files that your shop's tools export", is_folder)
    answers = {"timezone": timezone, "currency": currency}
    questions = {
        "timezone": "Time zone of the shop, such as Europe/Paris",
        "currency": "Currency of the shop, such as EUR",
    }
    for name, question in questions.items():
        given = answers[name]
        if given is not None:
            is_valid(name)(given)
        elif not kept:
            answers[name] = _asked(f"--{name}", question, is_valid(name))
    if taxed is None and not place.mapping.exists() and sys.stdin.isatty():
        taxed = {"y": True, "n": False}.get(_asked("tax", _TAX_QUESTION, lambda text: text)[:1].lower())
    exports = Path(path).expanduser().absolute() if path else None
    return Answers(exports, answers["timezone"], answers["currency"], taxed, counted or {})


def _asked(option: str, question: str, check: Callable[[str], str]) -> str:
    """The answer to a question, asked again until it is valid. Raises BadInput if there is no terminal."""
    if not sys.stdin.isatty():
        raise BadInput(f"{option} is not given, and there is no terminal to ask on")
    while True:
        answer = str(typer.prompt(question)).strip()
        try:
            return check(answer)
        except BadInput as error:
            typer.echo(str(error))
