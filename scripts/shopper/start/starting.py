"""The steps of `shopper start`: find files, map them, check them, run, and show what was found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from shopper.contract import load_contract
from shopper.doctor.diagnosis import diagnose
from shopper.doctor.findings import ERROR, STOPS, WARNING, Finding
from shopper.doctor.report import print_findings
from shopper.errors import BadInput, CheckFailed
from shopper.init.writing import ShopAnswers, write_mapping
from shopper.load.mapping import read_mapping
from shopper.load.sources import FileSource, files_of
from shopper.progress import Progress, timed_step
from shopper.run import read_config, run
from shopper.start.asking import Answers
from shopper.start.places import Place
from shopper.start.summary import summary

_SHOWN = 5


def start(place: Place, answers: Answers, root: Path, progress: Progress, console: Console) -> int:
    """Take all steps. Returns the exit code: that of the run, or 2 if doctor says that the run would stop.

    Raises BadInput if no file can be mapped or something is invalid, CheckFailed if a file can't be written.
    """

    def say(line: str = "", style: str = "") -> None:
        console.print(Text(line, style=style), soft_wrap=True)

    try:
        prepare(place, answers, root, progress)
    except OSError as error:
        raise CheckFailed(f"{place.folder} can't be written ({error.strerror})") from error
    config = read_config(place.configuration, root)
    findings = diagnose(
        place.mapping,
        variables=json.dumps(dict(config.variables), default=str),
        warehouse=config.warehouse,
        project=root,
        progress=progress,
    )
    _keep_advice(place, findings)
    if any(one.severity == STOPS for one in findings):
        print_findings([one for one in findings if one.severity == STOPS], console)
        say(f"Nothing was loaded. Change {_shown(place.mapping)}, then start again; all advice: {_shown(place.advice)}")
        return 2
    result = run(config, progress=progress)
    if result.exit_code:
        say(f"shopper: {result.message}", "red")
        return result.exit_code
    say()
    found = summary(config.publish / "current" / f"{config.warehouse.stem}.duckdb", config.currency, result.facts)
    for line in [*found, "", *_next_steps(place, findings)]:
        say(line, "bold" if line and not line.startswith(" ") else "")
    return 0


def prepare(place: Place, answers: Answers, root: Path, progress: Progress) -> None:
    """Write mapping and configuration where they are not there yet.

    Raises BadInput if no file can be mapped, OSError.
    """
    kept = place.kept_variables()
    zone = answers.timezone or kept.get("reporting_timezone")
    currency = answers.currency or kept.get("reporting_currency")
    place.warehouse.parent.mkdir(parents=True, exist_ok=True)
    if answers.folder is not None:
        files = _exports(answers.folder, place.folder)
        if place.mapping.exists():
            _name_new_files(files, place, root, progress)
        else:
            with timed_step(progress, "map") as notes:
                said = ShopAnswers(zone, currency, answers.taxed, answers.counted)
                written = write_mapping(files, place.folder, load_contract(root), root, said)
                place.mapping.write_text(written.text, encoding="utf-8")
                notes.append(f"{len(files)} files, {_shown(place.mapping)}")
            for line in [
                *_by_source(written.placed),
                *(f"left out: {one}" for one in written.left_out),
                *written.notes,
            ]:
                progress.log(f"  {line.replace(f'{answers.folder}/', '')}")
    if not place.configuration.exists() and zone and currency:
        place.write_configuration(zone, currency)


def _by_source(placed: Sequence[str]) -> list[str]:
    """What became of the files, in order; the files of one ready source on one line."""
    lines: dict[str, list[str]] = {}
    for line in placed:
        file, _, title = line.partition(": ")
        is_ready = "(sources/" in title
        lines.setdefault(title if is_ready else line, []).extend([file] if is_ready else [])
    return [f"{title}: {', '.join(files)}" if files else title for title, files in lines.items()]


def _exports(folder: Path, place: Path) -> list[Path]:
    """The files of a folder and the folders in it, hidden ones and the shop's own place aside."""
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and place not in path.parents
        and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
    )
    if not found:
        raise BadInput(f"{folder}: no files there; put what your shop's tools export into it")
    return found


def _name_new_files(files: list[Path], place: Place, root: Path, progress: Progress) -> None:
    """Say which files a mapping that was there before does not read."""
    mapping = read_mapping(place.mapping, load_contract(root))
    sources = [source for source in mapping.sources.values() if isinstance(source, FileSource)]
    read = {path.resolve() for source in sources for path in files_of(source, place.folder)}
    new = [path for path in files if path.resolve() not in read]
    progress.log(f"map: {_shown(place.mapping)} was there and is used as it is")
    for path in new:
        progress.log(f"map: {_shown(path)} is not in it; add it, or delete the mapping to have it drafted again")


def _shown(path: Path) -> str:
    """A path as a person would write it: relative where it is below the current folder."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _keep_advice(place: Place, findings: list[Finding]) -> None:
    text = StringIO()
    print_findings(findings, Console(file=text, width=1000))
    place.advice.write_text(text.getvalue(), encoding="utf-8")


def _next_steps(place: Place, findings: list[Finding]) -> list[str]:
    """What doctor says should be looked at, and what to do next."""
    serious = [one for one in findings if one.severity in {ERROR, WARNING}]
    shown = [f"  {one.severity}: {one.subject}: {one.message}" for one in serious[:_SHOWN]]
    more = [f"  and {len(serious) - _SHOWN} more"] if len(serious) > _SHOWN else []
    advice = [f"To look at (with what fixes it: {_shown(place.advice)})", *shown, *more, ""] if serious else []
    return [
        *advice,
        "Next",
        f"  {_shown(place.published / 'report.html')}: the report, in a browser",
        f"  {_shown(place.published / place.warehouse.name)}: the marts, for any BI tool",
        f"  shopper run {_shown(place.configuration)}: every night, with new files in the same folder",
    ]
