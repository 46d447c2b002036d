"""The configuration of a run: one YAML file, checked completely before anything starts.

```yaml
name: gift shop                 # on top of the report
load: mapping.yml               # a mapping of `shopper load`; or, as its options,
                                # {mapping: mapping.yml, allow_rejects: 10, accept_drift: true}
vars:                           # of the project, as in docs/vars.md
  reporting_timezone: Europe/London
select: [+kpi_daily]            # what to build and publish, in dbt's words; left out: everything
exclude: []
target: dev                     # a DuckDB target of profiles.yml
threads: 2
memory: 4GB                     # what the engine may use
warehouse: warehouse/shop.duckdb
publish: published
keep: {generations: 3, days: 14, reports: 30}
gates:                          # what the input must be, before it is built
  - {table: orders, stale_after: 36 hours, then: hold}
  - {table: events, min_rows: 1000, min_day_share: 0.5, then: label}
unusual: {rows: 0.2, day: 0.5, restated: 0.01}
```

Paths are relative to the file. Every key may be left out; without a file a run builds and publishes the sample shop.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from shopper.contract import Contract, Table, load_contract
from shopper.errors import BadInput
from shopper.load.entries import suggestion
from shopper.load.mapping import read_mapping
from shopper.load.sources import FileSource, files_of
from shopper.project import project_root, publish_folder, warehouse_path
from shopper.publish.generations import Keep

HOLD: Final = "hold"
LABEL: Final = "label"
_SCHEMAS: Final = ("raw", "sample", "reference", "staging", "intermediate", "marts", "audit", "landing")
_MEMORY: Final = re.compile(r"[0-9]+(\.[0-9]+)? ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)")
_AGE: Final = re.compile(r"([0-9]+) ?(minutes?|hours?|days?)")


@dataclass(frozen=True)
class Gate:
    """What one raw table must be like; what is None is not asked.

    column: the timestamp or date that says when a row happened. stale_after: the newest row may be so old. min_rows: at
    least so many rows. min_day_share: the last whole day has at least this share of what its weekday usually has.
    then: `hold` (nothing is built or published) or `label` (published, and said so).
    """

    table: str
    column: str | None
    then: str
    stale_after: timedelta | None = None
    min_rows: int | None = None
    min_day_share: float | None = None


@dataclass(frozen=True)
class Unusual:
    """From which relative change a number of the report is marked, each a share: 0.2 is 20 %.

    rows: rows of a mart against the generation before (and at least ten rows). day: the last day against the median of
    the same weekday in the eight weeks before (and outside all of them). restated: days that the generation before had
    too.
    """

    rows: float = 0.2
    day: float = 0.5
    restated: float = 0.01


@dataclass(frozen=True)
class RunConfig:
    """A checked configuration; paths are absolute. `load` is the mapping file, None where nothing is loaded."""

    root: Path
    warehouse: Path
    publish: Path
    path: Path | None = None
    name: str = "shopper"
    load: Path | None = None
    allow_rejects: int = 0
    accept_drift: bool = False
    variables: Mapping[str, object] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    target: str = "dev"
    threads: int = 2
    memory: str | None = None
    keep: Keep = field(default_factory=Keep)
    keep_reports: int = 30
    gates: tuple[Gate, ...] = ()
    unusual: Unusual = Unusual()

    def with_variables(self, variables: Mapping[str, object]) -> RunConfig:
        """The same run with some vars set otherwise. Raises BadInput for one that the project does not have."""
        checked = _variables(_Place("--vars", variables), self.root)
        return replace(self, variables={**self.variables, **checked})


def default_config(
    root: Path | None = None, *, warehouse: Path | None = None, publish: Path | None = None
) -> RunConfig:
    """The run of the sample shop: everything built and published, no gates."""
    project = project_root(root)
    return RunConfig(project, warehouse_path(project, warehouse), publish_folder(project, publish))


def read_config(
    path: Path, root: Path | None = None, *, warehouse: Path | None = None, publish: Path | None = None
) -> RunConfig:
    """Read a configuration file; `warehouse` and `publish` go before what it says, the environment after.

    Raises BadInput naming the key, the value and what was expected.
    """
    project = project_root(root)
    document = _document(path)
    place = _Place(str(path), document)
    place.only(_READ)
    contract = load_contract(project)
    folder = path.absolute().parent
    values: dict[str, Any] = {}
    for key, read in _READ.items():
        if place.has(key):
            values.update(read(place, key, _Context(project, folder, contract)))
    values["warehouse"] = warehouse_path(project, warehouse or values.get("warehouse"))
    values["publish"] = publish_folder(project, publish or values.get("publish"))
    config = RunConfig(root=project, path=path.absolute(), **values)
    if config.load and config.variables.get("raw_data", "source") != "source":
        raise place.wrong("vars.raw_data", config.variables["raw_data"], "source, because load is given")
    if config.load:
        config = replace(config, variables={"raw_data": "source", **config.variables})
    return config


@dataclass(frozen=True)
class _Context:
    """What values are checked against: the project, the file's folder, the input contract."""

    root: Path
    folder: Path
    contract: Contract


class _Place:
    """A mapping of the file and the name of its place in messages."""

    def __init__(self, name: str, values: Any, prefix: str = "") -> None:
        self.name = name
        self._prefix = prefix
        if not isinstance(values, Mapping):
            raise BadInput(f"{name}: {prefix.rstrip('.') or 'the file'} is {values!r}; expected keys with values")
        self.values = values

    def wrong(self, key: str, value: object, expected: str) -> BadInput:
        """The error for a value."""
        return BadInput(f"{self.name}: {self._prefix}{key} is {value!r}; expected {expected}")

    def only(self, allowed: Mapping[str, Any] | tuple[str, ...]) -> None:
        """Raise for a key that does not exist, with the one that was meant."""
        for key in self.values:
            if key not in allowed:
                raise BadInput(f"{self.name}: unknown key {self._prefix}{key}{suggestion(str(key), allowed)}")

    def has(self, key: str) -> bool:
        return self.values.get(key) is not None

    def inside(self, key: str) -> _Place:
        return _Place(self.name, self.values[key], f"{self._prefix}{key}.")

    def text(self, key: str) -> str:
        value = self.values[key]
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, value, "text")
        return value

    def whole(self, key: str, low: int) -> int:
        value = self.values[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < low:
            raise self.wrong(key, value, f"a whole number, {low} or more")
        return value

    def share(self, key: str, high: float | None = None) -> float:
        value = self.values[key]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not value > 0 or (high is not None and value > high):
            raise self.wrong(key, value, "a number above 0" + (f", at most {high:g}" if high is not None else ""))
        return float(value)

    def truth(self, key: str) -> bool:
        value = self.values[key]
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values[key]
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list) or not all(isinstance(entry, str) and entry.strip() for entry in entries):
            raise self.wrong(key, value, "text, or a list of texts")
        return tuple(term for entry in entries for term in entry.split())

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.values[key]
        if value not in allowed:
            raise self.wrong(key, value, f"one of {', '.join(allowed)}" + _hint(value, allowed))
        return str(value)


_Reader = Callable[[_Place, str, _Context], dict[str, Any]]


def _hint(value: object, allowed: tuple[str, ...]) -> str:
    """The close names only: those that are allowed were said."""
    hint = suggestion(str(value), allowed)
    return hint if "did you mean" in hint else ""


def _document(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)
    except OSError as error:
        raise BadInput(f"{path}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not a text file in UTF-8 ({error.reason})") from error
    except yaml.YAMLError as error:
        raise BadInput(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise BadInput(f"{path}: expected keys with values, such as `vars:`; there is {type(document).__name__}")
    return document


class _Strict(yaml.SafeLoader):
    """Safe YAML that refuses a key that stands twice, instead of taking the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", key_node.start_mark)
            if isinstance(key, Hashable):
                seen.add(key)
        return super().construct_mapping(node, deep)


def _name(place: _Place, key: str, _context: _Context) -> dict[str, Any]:
    return {"name": place.text(key)}


def _load(place: _Place, key: str, context: _Context) -> dict[str, Any]:
    """The mapping is read, and its files are looked up, before anything starts."""
    values: dict[str, Any] = {}
    if isinstance(place.values[key], str):
        given = place.text(key)
    else:
        inside = place.inside(key)
        inside.only(("mapping", "allow_rejects", "accept_drift"))
        if not inside.has("mapping"):
            raise inside.wrong("mapping", None, "the path of a mapping file")
        given = inside.text("mapping")
        if inside.has("allow_rejects"):
            values["allow_rejects"] = inside.whole("allow_rejects", 0)
        if inside.has("accept_drift"):
            values["accept_drift"] = inside.truth("accept_drift")
    path = _path(given, context.folder)
    if not path.is_file():
        raise place.wrong(key, given, f"a mapping file; there is no file {path}")
    mapping = read_mapping(path, context.contract)
    for source in mapping.sources.values():
        if isinstance(source, FileSource):
            files_of(source, path.parent)
    return {"load": path, **values}


def _vars(place: _Place, key: str, context: _Context) -> dict[str, Any]:
    return {"variables": _variables(place.inside(key), context.root)}


def _variables(place: _Place, root: Path) -> dict[str, object]:
    """Vars that the project has, of types that a var can be; their ranges are the project's own to check."""
    known = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8")).get("vars", {})
    place.only(known)
    checked: dict[str, object] = {}
    for key, value in place.values.items():
        if not (value is None or isinstance(value, str | int | float | date)):
            raise place.wrong(key, value, "text, a number, a date, true, false or null")
        checked[key] = value.isoformat() if isinstance(value, date) else value
    return checked


def _select(place: _Place, key: str, _context: _Context) -> dict[str, Any]:
    return {key: place.texts(key)}


def _target(place: _Place, key: str, context: _Context) -> dict[str, Any]:
    profiles = yaml.safe_load((context.root / "profiles" / "profiles.yml").read_text(encoding="utf-8"))
    outputs = profiles["shopper_analytics"]["outputs"]
    target = place.one_of(key, tuple(outputs))
    if outputs[target].get("type") != "duckdb":
        raise place.wrong(key, target, "a target of type duckdb; others are built by `dbt build --target`")
    return {"target": target}


def _threads(place: _Place, key: str, _context: _Context) -> dict[str, Any]:
    return {"threads": place.whole(key, 1)}


def _memory(place: _Place, key: str, _context: _Context) -> dict[str, Any]:
    value = place.values[key]
    if not isinstance(value, str) or not _MEMORY.fullmatch(value):
        raise place.wrong(key, value, "an amount such as 500MB or 4GB")
    return {"memory": value}


def _folder(place: _Place, key: str, context: _Context) -> dict[str, Any]:
    path = _path(place.text(key), context.folder)
    if key == "warehouse" and path.suffix != ".duckdb":
        raise place.wrong(key, place.text(key), "the path of a .duckdb file")
    if key == "warehouse" and path.stem in _SCHEMAS:
        raise place.wrong(key, place.text(key), "a file that is not named like a schema inside it")
    return {key: path}


def _path(given: str, folder: Path) -> Path:
    return Path(os.path.normpath(folder / Path(given).expanduser()))


def _keep(place: _Place, key: str, _context: _Context) -> dict[str, Any]:
    inside = place.inside(key)
    inside.only(("generations", "days", "reports"))
    default = Keep()
    generations = inside.whole("generations", 1) if inside.has("generations") else default.generations
    days = inside.whole("days", 0) if inside.has("days") else default.days
    reports = {"keep_reports": inside.whole("reports", 1)} if inside.has("reports") else {}
    return {"keep": Keep(generations, days), **reports}


def _unusual(place: _Place, key: str, _context: _Context) -> dict[str, Any]:
    inside = place.inside(key)
    inside.only(("rows", "day", "restated"))
    return {"unusual": Unusual(**{name: inside.share(name) for name in inside.values if inside.has(name)})}


def _gates(place: _Place, key: str, context: _Context) -> dict[str, Any]:
    entries = place.values[key]
    if not isinstance(entries, list):
        raise place.wrong(key, entries, "a list of gates, such as `- {table: orders, stale_after: 36 hours}`")
    return {
        "gates": tuple(
            _gate(_Place(place.name, entry, f"gates[{number}]."), context.contract)
            for number, entry in enumerate(entries, start=1)
        )
    }


def _gate(place: _Place, contract: Contract) -> Gate:
    place.only(("table", "column", "stale_after", "min_rows", "min_day_share", "then"))
    if not place.has("table"):
        raise place.wrong("table", None, "a table of the input contract")
    table = contract.by_name[place.one_of("table", tuple(contract.by_name))]
    stale_after = _age(place, "stale_after") if place.has("stale_after") else None
    min_rows = place.whole("min_rows", 1) if place.has("min_rows") else None
    min_day_share = place.share("min_day_share", 1) if place.has("min_day_share") else None
    if stale_after is None and min_rows is None and min_day_share is None:
        raise BadInput(f"{place.name}: gate on {table.name}: expected stale_after, min_rows or min_day_share")
    needs_time = stale_after is not None or min_day_share is not None
    then = place.one_of("then", (HOLD, LABEL)) if place.has("then") else HOLD
    return Gate(table.name, _column(place, table, needs_time), then, stale_after, min_rows, min_day_share)


def _column(place: _Place, table: Table, needs_time: bool) -> str | None:
    """The column that says when a row happened: the one named, else the first required timestamp or date."""
    times = tuple(column for column in table.columns if column.type in {"timestamp", "date"})
    names = tuple(column.name for column in times)
    if place.has("column"):
        return place.one_of("column", names)
    required = [column.name for column in times if column.presence in {"required", "key"}]
    if needs_time and not required:
        raise place.wrong("column", None, f"one of {', '.join(names)}: {table.name} has no moment that every row has")
    return required[0] if required else None


def _age(place: _Place, key: str) -> timedelta:
    value = place.values[key]
    found = _AGE.fullmatch(value) if isinstance(value, str) else None
    if not found or int(found.group(1)) == 0:
        raise place.wrong(key, value, "an age such as 90 minutes, 36 hours or 2 days")
    unit = found.group(2).rstrip("s") + "s"
    return timedelta(**{unit: int(found.group(1))})


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
    "gates": _gates,
    "unusual": _unusual,
}
