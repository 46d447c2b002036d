"""Prints the configuration with which a client of the Model Context Protocol starts this server: `make mcp`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from shopper.project import project_root


def configuration(root: Path, python: Path) -> dict[str, Any]:
    """What clients such as Claude Desktop, Cursor or VS Code read: the command, its arguments and its environment."""
    return {
        "mcpServers": {
            "shopper": {
                "command": str(python),
                "args": ["-m", "shopper", "mcp", "--project", str(root)],
                "env": {"PYTHONPATH": str(root / "scripts")},
            }
        }
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(configuration(project_root(), Path(sys.executable)), indent=2) + "\n")
