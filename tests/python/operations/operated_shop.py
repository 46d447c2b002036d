"""A shop of the small project, for tests of operations."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopper.bench.endurance.processes import Call, Processes
from shopper.bench.endurance.published import Seen, differing, read_whole
from shopper.bench.endurance.small_project import write_config, write_orders

ORDERS_PER_DAY = 40


@dataclass
class Shop:
    """A shop of the small project in its own folder, already published once."""

    folder: Path
    project: Path
    processes: Processes

    @property
    def config(self) -> Path:
        return self.folder / "shop.yml"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse" / "shop.duckdb"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    @property
    def environment(self) -> dict[str, str]:
        return {"SHOPPER_PROJECT": str(self.project)}

    def orders(self, version: int = 0, per_day: int = ORDERS_PER_DAY, more: str = "") -> None:
        """Write the orders of a version."""
        write_orders(self.folder / "orders.parquet", version, per_day, more)

    def configure(self, **values: object) -> None:
        """Rewrite the configuration, with additional keys."""
        write_config(self.folder, Path("orders.parquet"), **values)

    def start(self, *arguments: object) -> Call:
        """Start `shopper run` on this shop."""
        return self.processes.start(["run", self.config, *arguments], self.environment)

    def run(self, *arguments: object) -> Call:
        """Run `shopper run` on this shop and wait for its end."""
        return self.processes.run("run", self.config, *arguments, environment=self.environment)

    def rollback(self, *arguments: object) -> Call:
        """Run `shopper rollback` on this shop and wait for its end."""
        return self.processes.run("rollback", "--folder", self.published, *arguments, environment=self.environment)

    def seen(self) -> Seen:
        """What a reader sees, after reading every row."""
        return read_whole(self.published)

    def differences(self, other: Path) -> list[str]:
        """Tables that differ from another published file."""
        return differing(self.published / "shop.duckdb", other)

    def report(self) -> dict[str, Any]:
        """The report of the last run, published or not."""
        path = self.warehouse.with_suffix(".run") / "reports" / "latest" / "report.json"
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document

    def state(self) -> dict[str, object]:
        """The content of the publish folder, byte by byte."""
        return {
            str(path.relative_to(self.published)): path.readlink()
            if path.is_symlink()
            else path.is_dir() or path.read_bytes()
            for path in self.published.rglob("*")
            if ".lock" not in path.name
        }
