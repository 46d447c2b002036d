"""The commands of the README's section on one's own data, typed as they stand there, in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from running import ROOT, rows

EXPORTS: Final = ROOT / "sources" / "shopify_export" / "example"
NOT_COPIED: Final = shutil.ignore_patterns(
    ".git",
    ".venv*",
    ".*_cache",
    "target",
    "logs",
    "published",
    "exports",
    "my_shop",
    "my_shop.yml",
    "python",
    "*.duckdb*",
)


def own_data_commands() -> list[str]:
    """The commands of the first block of commands, without the comments; each after the lines that set variables."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Point it at your data", 1)[1]
    (block,) = re.findall(r"```\n(export .*?)```", section, flags=re.S)[:1]
    lines = [re.sub(r"\s+#.*", "", line) for line in block.splitlines()]
    settings, commands = lines[:2], lines[2:]
    return ["\n".join([*settings, command]) for command in commands]


def test_the_commands_for_own_data_end_with_its_figures_published(tmp_path: Path) -> None:
    """Time zone and currency are not those of the sample, and what is published is the shop, not the sample."""
    commands = own_data_commands()
    assert [command.splitlines()[-1].split()[:2] for command in commands] == [
        ["shopper", "init"], ["shopper", "doctor"], ["shopper", "load"], ["dbt", "build"], ["shopper", "publish"]
    ]  # fmt: skip
    assert all("reporting_timezone: Europe/Paris, reporting_currency: EUR" in command for command in commands)
    project = tmp_path / "project"
    shutil.copytree(ROOT, project, symlinks=True, ignore=NOT_COPIED)
    shutil.copytree(EXPORTS, project / "exports")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHOPPER_")}
    environment["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), environment["PATH"]))
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command], cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    published = project / "my_shop" / "published" / "shop.duckdb"
    found = rows(published, "select count(*), sum(net_revenue), min(currency) from marts.orders where is_valid")
    # The valid orders of the source's expected.yml, after discounts, without tax and shipping.
    assert [tuple(map(str, row)) for row in found] == [("19", "732.96", "EUR")]
