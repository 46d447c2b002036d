"""The command `shopper mcp`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def mcp_command(
    publish: Annotated[
        Path | None, typer.Option(help="Folder of publications. Default: SHOPPER_PUBLISH, else published/.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="Most rows of an answer.", metavar="N")] = 200,
    seconds: Annotated[float, typer.Option(min=0.1, max=600, help="Longest time of a query.", metavar="S")] = 10,
    with_personal: Annotated[
        bool, typer.Option("--personal", help="Also show columns about individual people, such as customer_id.")
    ] = False,
    project: Annotated[
        Path | None, typer.Option(help="dbt project. Default: SHOPPER_PROJECT, else searched upwards.")
    ] = None,
) -> None:
    """Answer assistants about the published data over the Model Context Protocol, on standard input and output.

    Read-only. Each call reads the generation that is current at that moment. docs/ask.md says how to connect a client.
    """
    from importlib.util import find_spec

    from shopper.ask.limits import Limits, limit_memory
    from shopper.errors import BadInput
    from shopper.project import project_root, publish_folder

    if find_spec("mcp") is None:
        raise BadInput(
            "the package mcp is not installed here; `make mcp` makes an environment that has it, or install"
            " requirements/mcp.txt beside shopper"
        )
    from shopper.ask.server import build_server

    limit_memory()
    root = project_root(project)
    build_server(publish_folder(root, publish), root, Limits(rows, seconds), with_personal).run("stdio")
