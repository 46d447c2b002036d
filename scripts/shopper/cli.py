"""The command `shopper`. The module of a subcommand is only imported when it is called, so that start-up is fast."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, Exit, TyperException

from shopper.errors import LOCK_CONFLICT, Locked, ShopperError, show_all
from shopper.suggestions import closest


class _Command(NamedTuple):
    """Module and function of a subcommand, and its line in the overview."""

    module: str
    function: str
    summary: str


_COMMANDS: Final = {
    "start": _Command("shopper.start.command", "start_command", "From a folder of exports to marts, in one go."),
    "init": _Command("shopper.init.command", "init_command", "Draft a mapping from the headers of files."),
    "load": _Command("shopper.load.command", "load_command", "Load files or database tables, through a mapping."),
    "doctor": _Command("shopper.doctor.command", "doctor_command", "Find problems of the data, and their fixes."),
    "generate": _Command("shopper.generate.command", "generate_command", "Write the sample shop, at any size."),
    "accept": _Command("shopper.crosscheck.command", "accept_command", "Compare the marts with a second computation."),
    "bench": _Command("shopper.bench.command", "bench_command", "Measure what a build costs as the shop grows."),
    "build": _Command("shopper.run.build_command", "build_command", "Run `dbt build`, printing progress and failures."),
    "fit": _Command("shopper.engines.command", "fit_command", "Run the Python models, where dbt runs SQL only."),
    "parity": _Command("shopper.engines.command", "parity_command", "Compare the marts with those of other engines."),
    "run": _Command("shopper.run.command", "run_command", "Load, check, build, test and publish in one run."),
    "publish": _Command("shopper.publish.command", "publish_command", "Publish the built tables as a new generation."),
    "rollback": _Command(
        "shopper.publish.command", "rollback_command", "Switch readers back to an earlier generation."
    ),
    "explain": _Command("shopper.explain.command", "explain_command", "Take one number of a mart apart."),
    "mcp": _Command("shopper.ask.command", "mcp_command", "Answer assistants over the Model Context Protocol."),
    "export": _Command("shopper.export.command", "export_command", "Write lists of customers for other systems."),
    "forget": _Command("shopper.forget.command", "forget_command", "Erase customers everywhere, permanently."),
}


# Files of customers are closed to users who neither own them nor share their group.
_OTHERS: Final = 0o007
_HELP_NAMES: Final = {"help_option_names": ["-h", "--help"]}


class _Group(TyperGroup):
    """Imports subcommands when they are called. Errors become one message and an exit code, without a stack trace."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _COMMANDS:
            return None
        command = _COMMANDS[cmd_name]
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name, context_settings=_HELP_NAMES)(getattr(import_module(command.module), command.function))
        return typer.main.get_command(single)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The subcommand. An unknown one is a usage error with the closest names."""
        try:
            return super().resolve_command(ctx, args)
        except TyperException as error:
            close = closest(args[0], _COMMANDS) if args else []
            if close:
                error.message = f"{error.message.rstrip('.')}. Did you mean {' or '.join(close)}?"
            raise

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in _COMMANDS.items()])

    def invoke(self, ctx: Any) -> Any:
        show_all()
        os.umask(os.umask(0) | _OTHERS)
        try:
            return super().invoke(ctx)
        except ShopperError as error:
            _print_error(str(error))
            raise SystemExit(error.exit_code) from None
        except (TyperException, Abort, Exit):
            raise
        except Exception as error:
            if os.environ.get("SHOPPER_TRACEBACK"):
                raise
            if LOCK_CONFLICT in str(error):
                _print_error(f"{str(error).splitlines()[0]}; try again later")
                raise SystemExit(Locked.exit_code) from None
            _print_error(f"{type(error).__name__}: {error} (set SHOPPER_TRACEBACK=1 for the stack trace)")
            raise SystemExit(1) from None


def _print_error(message: str) -> None:
    print(f"shopper: {message}", file=sys.stderr)


app = typer.Typer(
    cls=_Group,
    name="shopper",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=_HELP_NAMES,
)


def _print_version(is_asked: bool) -> None:
    """Print the version, and those of what the numbers depend on, then end."""
    if is_asked:
        from importlib.metadata import version
        from platform import python_version

        parts = [f"{name} {version(package)}" for name, package in (("dbt-core", "dbt-core"), ("DuckDB", "duckdb"))]
        print(f"shopper {version('shopper-analytics')} ({', '.join(parts)}, Python {python_version()})")
        raise Exit


@app.callback()
def shopper(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version, then end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Commands around `dbt build`: load and check data, run and publish, export and erase customers, compare results.

    Exit codes: 0 done, 1 a check failed, 2 bad input or configuration, 3 nothing selected, 75 another process has a
    needed lock, 130 and 143 stopped by a signal.
    """


if __name__ == "__main__":
    app()
