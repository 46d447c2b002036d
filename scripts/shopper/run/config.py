"""The configuration of a run: one YAML file, checked completely before anything starts.

```yaml
name: gift shop                 # title of the report
load: mapping.yml               # mapping for `shopper load`; or, with options,
                                # {mapping: ..., allow_rejects: 10, accept_drift: true, also_read: [../lists]}
vars:                           # project vars, see docs/vars.md
  reporting_timezone: Europe/London
select: [+kpi_daily]            # dbt selectors of what to build and publish; default: everything
exclude: []
target: dev                     # a DuckDB target of profiles.yml
threads: 2
memory: 4GB                     # memory limit of DuckDB
warehouse: warehouse/shop.duckdb
publish: published
keep: {generations: 3, days: 14, reports: 30}
ducklake: true                  # also publish a DuckLake catalog; default: false
gates:                          # conditions on the raw tables, checked before the build
  - {table: orders, stale_after: 36 hours, then: hold}
  - {table: events, min_rows: 1000, min_day_share: 0.5, then: label}
unusual: {rows: 0.2, day: 0.5, restated: 0.01}
notify:                         # a message when a run fails, is held by a gate, or publishes something unusual
  webhook: ${SLACK_WEBHOOK}     # environment variable with the address: it is a secret
  command: [mail-it, --to, shop@example.com]    # gets the message as JSON on its standard input
  when: [failed, held, unusual]
```

Paths are relative to the file. Every key is optional. Without a file, a run builds and publishes the sample shop.
"""

from __future__ import annotations

import os
import re
import reprlib
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from shopper.contract import Contract, Table, load_contract
from shopper.errors import BadInput
from shopper.load.mapping import read_mapping
from shopper.load.objects import is_remote
from shopper.load.sources import FileSource, files_of
from shopper.load.variables import home_expanded
from shopper.project import project_root, publish_folder, warehouse_path
from shopper.publish.generations import LONGEST_KEEP, Keep
from shopper.run.notify import OCCASIONS, Notify
from shopper.suggestions import suggestion
from shopper.variables import checked_variables, declared_variables
from shopper.yaml_files import StrictLoader, read_yaml

HOLD: Final = "hold"
LABEL: Final = "label"
_SCHEMAS: Final = frozenset(
    {"raw", "sample", "reference", "staging", "intermediate", "marts", "semantic", "audit", "meta", "landing", "keys"}
)
_MOST: Final = 2**62
_MOST_THREADS: Final = 256
_MEMORY: Final = re.compile(r"[0-9]+(\.[0-9]+)? ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)")
_AGE: Final = re.compile(r"([0-9]{1,6}) ?(minutes?|hours?|days?)")


@dataclass(frozen=True)
class Gate:
    """Conditions on one raw table. A condition that is None is not checked.

    column: timestamp or date of a row, for the two conditions on time. stale_after: greatest age of the newest row.
    min_rows: least number of rows. min_day_share: least number of rows on the last complete day, as a share of the
    usual number for that weekday. then: `hold` (nothing is built or published) or `label` (published with a warning).
    """

    table: str
    column: str | None
    then: str
    stale_after: timedelta | None = None
    min_rows: int | None = None
    min_day_share: float | None = None


@dataclass(frozen=True)
class Unusual:
    """Relative changes above which the report marks a number as unusual. Shares: 0.2 is 20 %.

    rows: rows of a mart, against the previous generation (and at least ten rows). day: the last day, against the median
    of the same weekday in the eight weeks before (and outside their range). restated: the sum over the days that both
    generations have.
    """

    rows: float = 0.2
    day: float = 0.5
    restated: float = 0.01


@dataclass(frozen=True)
class RunConfig:
    """A checked configuration. Paths are absolute. `load` is the mapping file; None means that nothing is loaded."""

    root: Path
    warehouse: Path
    publish: Path
    path: Path | None = None
    name: str = "shopper"
    load: Path | None = None
    allow_rejects: int = 0
    accept_drift: bool = False
    also_read: tuple[Path, ...] = ()
    variables: Mapping[str, object] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    target: str = "dev"
    threads: int = 2
    memory: str | None = None
    keep: Keep = field(default_factory=Keep)
    keep_reports: int = 30
    ducklake: bool = False
    gates: tuple[Gate, ...] = ()
    unusual: Unusual = Unusual()
    notify: Notify | None = None

    def __post_init__(self) -> None:
        if os.path.realpath(self.warehouse.parent) == os.path.realpath(self.publish):
            where = f"{self.path.name}: " if self.path else ""
            raise BadInput(f"{where}publish is {self.publish}, where the warehouse is; expected a folder of its own")

    @property
    def currency(self) -> str:
        """The currency of all amounts in marts."""
        return str({**declared_variables(self.root), **self.variables}.get("reporting_currency", ""))

    def with_variables(self, variables: Mapping[str, object]) -> RunConfig:
        """A copy with some vars overridden. Raises BadInput for an unknown var or an invalid value."""
        checked = checked_variables(variables, self.root, "--vars")
        if self.load and checked.get("raw_data", "source") != "source":
            raise BadInput(f"--vars: raw_data is {checked['raw_data']!r}; expected source, because load is given")
        return replace(self, variables={**self.variables, **checked})


def default_config(
    root: Path | None = None, *, warehouse: Path | None = None, publish: Path | None = None
) -> RunConfig:
    """The configuration for the sample shop: build and publish everything, no gates."""
    project = project_root(root)
    return RunConfig(project, warehouse_path(project, warehouse), publish_folder(project, publish))


def read_config(
    path: Path, root: Path | None = None, *, warehouse: Path | None = None, publish: Path | None = None
) -> RunConfig:
    """Read a configuration file. `warehouse` and `publish` override it; the environment is the fallback.

    Raises BadInput with the key, the value and what was expected.
    """
    project = project_root(root)
    document = _document(path)
    section = _Section(str(path), document)
    section.allow_only(_READ)
    contract = load_contract(project)
    folder = path.absolute().parent
    values: dict[str, Any] = {}
    for key, read in _READ.items():
        if section.has(key):
            values.update(read(section, key, _Context(project, folder, contract)))
    values["warehouse"] = warehouse_path(project, warehouse or values.get("warehouse"))
    values["publish"] = publish_folder(project, publish or values.get("publish"))
    config = RunConfig(root=project, path=path.absolute(), **values)
    if config.load and config.variables.get("raw_data", "source") != "source":
        raise section.wrong("vars.raw_data", config.variables["raw_data"], "source, because load is given")
    if config.load:
        config = replace(config, variables={"raw_data": "source", **config.variables})
    return config


@dataclass(frozen=True)
class _Context:
    """What values are checked against: the project, the folder of the file, the input contract."""

    root: Path
    folder: Path
    contract: Contract


class _Section:
    """A mapping in the configuration, and its name for messages."""

    def __init__(self, name: str, values: Any, prefix: str = "") -> None:
        self.name = name
        self._prefix = prefix
        if not isinstance(values, Mapping):
            raise BadInput(f"{name}: {prefix.rstrip('.') or 'the file'} is {reprlib.repr(values)}; expected a mapping")
        self.values = values

    def wrong(self, key: str, value: object, expected: str) -> BadInput:
        """The error for an invalid value."""
        return BadInput(f"{self.name}: {self._prefix}{key} is {reprlib.repr(value)}; expected {expected}")

    def allow_only(self, allowed: Mapping[str, Any] | tuple[str, ...]) -> None:
        """Raises BadInput for an unknown key, with the closest known one."""
        for key in self.values:
            if key not in allowed:
                raise BadInput(f"{self.name}: unknown key {self._prefix}{key}{suggestion(str(key), allowed)}")

    def has(self, key: str) -> bool:
        return self.values.get(key) is not None

    def subsection(self, key: str) -> _Section:
        return _Section(self.name, self.values[key], f"{self._prefix}{key}.")

    def text(self, key: str) -> str:
        value = self.values[key]
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.wrong(key, value, "text on one line")
        return value

    def integer(self, key: str, low: int, high: int = _MOST) -> int:
        value = self.values[key]
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(
                key, value, f"a whole number, {low} or more" + (f", at most {high}" if high < _MOST else "")
            )
        return value

    def share(self, key: str, high: float | None = None) -> float:
        value = self.values[key]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not value > 0 or (high is not None and value > high):
            raise self.wrong(key, value, "a number above 0" + (f", at most {high:g}" if high is not None else ""))
        return float(value)

    def boolean(self, key: str) -> bool:
        value = self.values[key]
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false")
        return value

    def entries(self, key: str) -> list[str]:
        value = self.values[key]
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
            raise self.wrong(key, value, "text or a list of texts")
        return entries

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(term for entry in self.entries(key) for term in entry.split())

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.values[key]
        if value not in allowed:
            raise self.wrong(key, value, f"one of {', '.join(allowed)}" + _hint(value, allowed))
        return str(value)


_Reader = Callable[[_Section, str, _Context], dict[str, Any]]


def _hint(value: object, allowed: tuple[str, ...]) -> str:
    """The closest allowed name, if one is close; the message already lists all allowed names."""
    hint = suggestion(str(value), allowed)
    return hint if "did you mean" in hint else ""


def _document(path: Path) -> dict[str, Any]:
    document = read_yaml(path, StrictLoader)
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise BadInput(f"{path}: expected a mapping with keys such as `vars:`; found {type(document).__name__}")
    return document


def _name(section: _Section, key: str, _context: _Context) -> dict[str, Any]:
    return {"name": section.text(key)}


def _load(section: _Section, key: str, context: _Context) -> dict[str, Any]:
    """Read the mapping and look up its files, so that mistakes are found before anything starts."""
    values: dict[str, Any] = {}
    if isinstance(section.values[key], str):
        given = section.text(key)
    else:
        subsection = section.subsection(key)
        subsection.allow_only(("mapping", "allow_rejects", "accept_drift", "also_read"))
        if not subsection.has("mapping"):
            raise subsection.wrong("mapping", None, "the path of a mapping file")
        given = subsection.text("mapping")
        if subsection.has("allow_rejects"):
            values["allow_rejects"] = subsection.integer("allow_rejects", 0)
        if subsection.has("accept_drift"):
            values["accept_drift"] = subsection.boolean("accept_drift")
        if subsection.has("also_read"):
            values["also_read"] = tuple(_path(one, context.folder) for one in subsection.entries("also_read"))
    path = _path(given, context.folder)
    if not path.is_file():
        raise section.wrong(key, given, f"a mapping file; there is no file {path}")
    mapping = read_mapping(path, context.contract, values.get("also_read", ()))
    for source in mapping.sources.values():
        if isinstance(source, FileSource) and not is_remote(source):
            files_of(source, path.parent)
    return {"load": path, **values}


def _vars(section: _Section, key: str, context: _Context) -> dict[str, Any]:
    values = section.subsection(key).values
    return {"variables": checked_variables(values, context.root, section.name, f"{key}.")}


def _select(section: _Section, key: str, _context: _Context) -> dict[str, Any]:
    return {key: section.texts(key)}


def _target(section: _Section, key: str, context: _Context) -> dict[str, Any]:
    profiles = yaml.safe_load((context.root / "profiles" / "profiles.yml").read_text(encoding="utf-8"))
    outputs = profiles["shopper_analytics"]["outputs"]
    target = section.one_of(key, tuple(outputs))
    if outputs[target].get("type") != "duckdb":
        raise section.wrong(key, target, "a target of type duckdb; use `dbt build --target` for others")
    return {"target": target}


def _threads(section: _Section, key: str, _context: _Context) -> dict[str, Any]:
    return {"threads": section.integer(key, 1, _MOST_THREADS)}


def _memory(section: _Section, key: str, _context: _Context) -> dict[str, Any]:
    value = section.values[key]
    if not isinstance(value, str) or not _MEMORY.fullmatch(value):
        raise section.wrong(key, value, "an amount such as 500MB or 4GB")
    return {"memory": value}


def _folder(section: _Section, key: str, context: _Context) -> dict[str, Any]:
    path = _path(section.text(key), context.folder)
    if key == "warehouse" and path.suffix != ".duckdb":
        raise section.wrong(key, section.text(key), "the path of a .duckdb file")
    if key == "warehouse" and path.stem in _SCHEMAS:
        raise section.wrong(key, section.text(key), "a file name other than that of a schema inside it")
    return {key: path}


def _path(given: str, folder: Path) -> Path:
    return Path(os.path.normpath(folder / home_expanded(given)))


def _keep(section: _Section, key: str, _context: _Context) -> dict[str, Any]:
    subsection = section.subsection(key)
    subsection.allow_only(("generations", "days", "reports"))
    default = Keep()
    generations = subsection.integer("generations", 1) if subsection.has("generations") else default.generations
    days = subsection.integer("days", 0, LONGEST_KEEP) if subsection.has("days") else default.days
    reports = {"keep_reports": subsection.integer("reports", 1)} if subsection.has("reports") else {}
    return {"keep": Keep(generations, days), **reports}


def _unusual(section: _Section, key: str, _context: _Context) -> dict[str, Any]:
    subsection = section.subsection(key)
    subsection.allow_only(("rows", "day", "restated"))
    return {"unusual": Unusual(**{name: subsection.share(name) for name in subsection.values if subsection.has(name)})}


def _notify(section: _Section, key: str, _context: _Context) -> dict[str, Any]:
    subsection = section.subsection(key)
    subsection.allow_only(("webhook", "command", "when"))
    if not subsection.has("webhook") and not subsection.has("command"):
        raise BadInput(f"{section.name}: {key}: expected webhook or command")
    webhook, command = None, ()
    if subsection.has("webhook"):
        found = re.fullmatch(r"\$\{(\w+)\}", str(subsection.values["webhook"]).strip())
        # The value is not shown: whoever writes the address itself has written a secret.
        if not found:
            raise BadInput(
                f"{section.name}: notify.webhook: expected ${{NAME}}, an environment variable that holds the address"
            )
        webhook = found[1]
        if not re.match(r"https?://[^/\s]+", os.environ.get(webhook, "")):
            raise BadInput(f"{section.name}: notify.webhook: the environment variable {webhook} holds no http address")
    if subsection.has("command"):
        given = subsection.values["command"]
        try:
            words = shlex.split(given) if isinstance(given, str) else given
        except ValueError:
            words = None
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            raise subsection.wrong("command", given, "a program and its arguments")
        command = tuple(words)
    when = subsection.texts("when") if subsection.has("when") else OCCASIONS
    for occasion in when:
        if occasion not in OCCASIONS:
            raise subsection.wrong("when", occasion, f"any of {', '.join(OCCASIONS)}")
    return {"notify": Notify(webhook, command, when)}


def _gates(section: _Section, key: str, context: _Context) -> dict[str, Any]:
    entries = section.values[key]
    if not isinstance(entries, list):
        raise section.wrong(key, entries, "a list of gates, such as `- {table: orders, stale_after: 36 hours}`")
    return {
        "gates": tuple(
            _gate(_Section(section.name, entry, f"gates[{number}]."), context.contract)
            for number, entry in enumerate(entries, start=1)
        )
    }


def _gate(section: _Section, contract: Contract) -> Gate:
    section.allow_only(("table", "column", "stale_after", "min_rows", "min_day_share", "then"))
    if not section.has("table"):
        raise section.wrong("table", None, "a table of the input contract")
    table = contract.by_name[section.one_of("table", tuple(contract.by_name))]
    stale_after = _age(section, "stale_after") if section.has("stale_after") else None
    min_rows = section.integer("min_rows", 1) if section.has("min_rows") else None
    min_day_share = section.share("min_day_share", 1) if section.has("min_day_share") else None
    if stale_after is None and min_rows is None and min_day_share is None:
        raise BadInput(f"{section.name}: gate on {table.name}: expected stale_after, min_rows or min_day_share")
    needs_time = stale_after is not None or min_day_share is not None
    then = section.one_of("then", (HOLD, LABEL)) if section.has("then") else HOLD
    return Gate(table.name, _column(section, table, needs_time), then, stale_after, min_rows, min_day_share)


def _column(section: _Section, table: Table, needs_time: bool) -> str | None:
    """The timestamp or date of a row: the configured column, else the first required one; None if there is none."""
    times = tuple(column for column in table.columns if column.type in {"timestamp", "date"})
    names = tuple(column.name for column in times)
    if section.has("column"):
        return section.one_of("column", names)
    required = [column.name for column in times if column.presence in {"required", "key"}]
    if needs_time and not required:
        raise section.wrong(
            "column", None, f"one of {', '.join(names)}: {table.name} has no required timestamp or date"
        )
    return required[0] if required else None


def _age(section: _Section, key: str) -> timedelta:
    value = section.values[key]
    found = _AGE.fullmatch(value) if isinstance(value, str) else None
    if not found or int(found.group(1)) == 0:
        raise section.wrong(key, value, "an age such as 90 minutes, 36 hours or 2 days")
    unit = found.group(2).rstrip("s") + "s"
    return timedelta(**{unit: int(found.group(1))})


def _ducklake(section: _Section, key: str, _context: _Context) -> dict[str, Any]:
    return {"ducklake": section.boolean(key)}


_READ: Final[dict[str, _Reader]] = {
    "name": _name,
    "load": _load,
    "vars": _vars,
    "select": _select,
    "exclude": _select,
    "target": _target,
    "threads": _threads,
    "memory": _memory,
    "warehouse": _folder,
    "publish": _folder,
    "keep": _keep,
    "ducklake": _ducklake,
    "gates": _gates,
    "unusual": _unusual,
    "notify": _notify,
}
