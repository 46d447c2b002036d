"""The Model Context Protocol server: the tools that an assistant can call. Needs the package `mcp`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, wraps
from pathlib import Path
from typing import Annotated, Any, Final, ParamSpec

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from shopper.ask import marts, metrics, reports
from shopper.ask.answers import Answer
from shopper.ask.limits import Limits
from shopper.ask.publication import Publication, current_publication
from shopper.errors import BadInput, ShopperError
from shopper.explain.lineage import read_lineage
from shopper.metrics.catalogue import GRAINS
from shopper.metrics.question import Question
from shopper.yaml_files import StrictLoader, read_yaml

_Given = ParamSpec("_Given")
_READS: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
Search = Annotated[str, Field(description="Part of a name, label or description, in English or Chinese; empty: all.")]
Name = Annotated[str, Field(description="Name of the metric, such as aov, or its label in English or Chinese.")]
Names = Annotated[list[str], Field(description="Names of metrics, such as [net_revenue, orders].")]
Cuts = Annotated[list[str], Field(description="Dimensions of the metric, such as [channel]; describe_metric has them.")]
Grain = Annotated[str | None, Field(description=f"One row for each {', '.join(GRAINS)}; none: the whole time.")]
Day = Annotated[str | None, Field(description="A day, such as 2025-03-01, which is included.")]
Only = Annotated[dict[str, list[str]], Field(description='Values to keep, such as {"channel": ["email"]}.')]
Most = Annotated[int | None, Field(description="Most rows.")]
Mart = Annotated[str, Field(description="Name of the mart, such as channel_efficiency.")]
Columns = Annotated[list[str], Field(description="Columns of the mart; empty: all.")]
Where = Annotated[str | None, Field(description="One SQL condition on columns, such as month = '2025-03-01'.")]
Order = Annotated[list[str], Field(description="Columns, each with ` desc` for the largest first.")]
Sql = Annotated[str, Field(description="One DuckDB SELECT; tables with their schema, such as marts.kpi_daily.")]
Column = Annotated[str, Field(description="Column of the mart.")]
Row = Annotated[str | None, Field(description="One SQL condition that holds for one row of the mart.")]
Language = Annotated[str, Field(description="en or zh: language of the explanation's frame.")]


def build_server(folder: Path, root: Path, limits: Limits, with_personal: bool = False) -> MCPServer:
    """The server over a folder of publications. root: the dbt project, whose models an explanation names."""
    server = MCPServer("shopper", title="Shopper Analytics", instructions=_texts()["instructions"], log_level="WARNING")

    def now() -> Publication:
        return current_publication(folder, with_personal)

    @_tool(server)
    def list_metrics(search: Search = "") -> Answer:
        return metrics.list_metrics(now(), search)

    @_tool(server)
    def describe_metric(name: Name) -> Answer:
        return metrics.describe_metric(now(), name)

    @_tool(server)
    def query_metric(
        names: Names,
        dimensions: Cuts = [],  # noqa: B006
        grain: Grain = None,
        first: Day = None,
        last: Day = None,
        only: Only = {},  # noqa: B006
        limit: Most = None,
    ) -> Answer:
        asked = Question(names, dimensions, grain, _day(first), _day(last), only)
        return metrics.query_metric(now(), asked, limits, limit)

    @_tool(server)
    def list_marts(search: Search = "") -> Answer:
        return marts.list_marts(now(), search)

    @_tool(server)
    def describe_mart(mart: Mart) -> Answer:
        return marts.describe_mart(now(), mart)

    @_tool(server)
    def read_mart(
        mart: Mart,
        columns: Columns = [],  # noqa: B006
        where: Where = None,
        order_by: Order = [],  # noqa: B006
        limit: Most = None,
    ) -> Answer:
        return marts.read_mart(now(), mart, limits, columns, where, order_by, limit)

    @_tool(server)
    def query_sql(sql: Sql, limit: Most = None) -> Answer:
        return marts.query_sql(now(), sql, limits, limit)

    @_tool(server)
    def data_state() -> Answer:
        return reports.data_state(now())

    @_tool(server)
    def explain_number(mart: Mart, column: Column, where: Row = None, language: Language = "en") -> Answer:
        return reports.explain_number(now(), read_lineage(root), limits, mart, column, where, language)

    return server


def _tool(server: MCPServer) -> Callable[[Callable[_Given, Answer]], Callable[_Given, Answer]]:
    """Adds a function as a tool. An error that the user can act on is its sentence."""

    def added(function: Callable[_Given, Answer]) -> Callable[_Given, Answer]:
        @wraps(function)
        def answering(*given: _Given.args, **named: _Given.kwargs) -> Answer:
            try:
                return function(*given, **named)
            except ShopperError as error:
                raise ToolError(str(error)) from error

        server.add_tool(
            answering, description=_texts()["tools"][function.__name__], annotations=_READS, structured_output=True
        )
        return answering

    return added


@cache
def _texts() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(Path(__file__).with_name("texts.yml"), StrictLoader)
    return loaded


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text} is no day; write it as 2025-03-01") from error
