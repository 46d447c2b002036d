"""The folder that holds everything about one shop: mapping, configuration, warehouse, published files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shopper.init.editing import scalar
from shopper.yaml_files import StrictLoader, read_yaml


@dataclass(frozen=True)
class Place:
    """The folder of a shop, which need not exist."""

    folder: Path

    @property
    def mapping(self) -> Path:
        """Which file becomes which table; written once, then the user's."""
        return self.folder / "mapping.yml"

    @property
    def configuration(self) -> Path:
        """The configuration of `shopper run`; written once, then the user's."""
        return self.folder / "shop.yml"

    @property
    def warehouse(self) -> Path:
        """The working file."""
        return self.folder / "warehouse" / "shop.duckdb"

    @property
    def published(self) -> Path:
        """What BI reads."""
        return self.folder / "published"

    @property
    def advice(self) -> Path:
        """What doctor found at the last start."""
        return self.folder / "doctor.txt"

    def kept_variables(self) -> dict[str, Any]:
        """The vars of the configuration; empty if there is none. Raises BadInput if it can't be read."""
        if not self.configuration.exists():
            return {}
        document = read_yaml(self.configuration, StrictLoader)
        variables = document.get("vars") if isinstance(document, dict) else None
        return variables if isinstance(variables, dict) else {}

    def write_configuration(self, timezone: str, currency: str) -> None:
        """Write the configuration, for people to read and edit. Raises OSError."""
        text = f"""\
# `shopper run {self.configuration.name}` loads, builds, tests and publishes this shop. Paths are relative to this file.
# All keys, such as gates and notify: README, "Run it every night".
name: {scalar(self.folder.name)}
load: {self.mapping.name}
vars: {{reporting_timezone: {scalar(timezone)}, reporting_currency: {scalar(currency)}}}
warehouse: {self.warehouse.relative_to(self.folder)}
publish: {self.published.relative_to(self.folder)}
"""
        self.configuration.write_text(text, encoding="utf-8")
