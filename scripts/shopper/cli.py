"""The command `shopper`. A subcommand's module is imported when it is called, so that the others stay quick."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperGroup
from typer.exceptions import Abort, Exit, TyperException

from shopper.errors import ShopperError


class _Command(NamedTuple):
    """Where a subcommand's function is, and the line that the overview shows."""

    module: str
    function: str
    summary: str


_COMMANDS: Final = {
    "init": _Command("shopper.init.command", "init_command", "Draft a mapping from the headers of files."),
    "load": _Command("shopper.load.command", "load_command", "Land files or database tables, through a mapping."),
    "doctor": _Command("shopper.doctor.command", "doctor_command", "Say what is wrong with the data, and what helps."),
    "generate": _Command("shopper.generate.command", "generate_command", "Write the sample shop, at any scale."),
    "accept": _Command("shopper.crosscheck.command", "accept_command", "Compare the marts with a second computation."),
    "bench": _Command("shopper.bench.command", "bench_command", "Time the marts of some rooms as the shop grows."),
    "run": _Command("shopper.run.command", "run_command", "Load, check, build, test and publish, as one run."),
    "publish": _Command("shopper.publish.command", "publish_command", "Publish what is built as a new generation."),
    "rollback": _Command("shopper.publish.command", "rollback_command", "Let readers have an earlier generation."),
    "export": _Command("shopper.export.command", "export_command", "Write lists of customers for other systems."),
    "forget": _Command("shopper.forget.command", "forget_command", "Erase customers everywhere, for good."),
}


class _Group(TyperGroup):
    """Imports subcommands on call; errors end in one message and an exit code, never in a stack trace."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _COMMANDS:
            return None
        command = _COMMANDS[cmd_name]
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(cmd_name)(getattr(import_module(command.module), command.function))
        return typer.main.get_command(single)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in _COMMANDS.items()])

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ShopperError as error:
            _say(str(error))
            raise SystemExit(error.exit_code) from None
        except (TyperException, Abort, Exit):
            raise
        except Exception as error:
            if os.environ.get("SHOPPER_TRACEBACK"):
                raise
            _say(f"{type(error).__name__}: {error} (SHOPPER_TRACEBACK=1 shows where)")
            raise SystemExit(1) from None


def _say(message: str) -> None:
    print(f"shopper: {message}", file=sys.stderr)


app = typer.Typer(
    cls=_Group,
    name="shopper",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def shopper() -> None:
    """What stands beside `dbt build`: land data, make the sample shop, compare, publish.

    Exit codes: 0 done, 1 a check failed, 2 bad input or configuration, 3 nothing selected, 75 another process holds
    what is needed, 130 and 143 stopped by a signal.
    """


if __name__ == "__main__":
    app()
