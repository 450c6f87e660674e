"""The command line: every command is a thin call of the library. Data goes to stdout."""

import sys

from newsetl.cli import shown, steps, stored  # noqa: F401 - the commands
from newsetl.cli.options import FAILED, USAGE, app, complain
from newsetl.errors import ConfigError, NewsetlError


def main() -> None:
    """Run the command line; errors are printed in three lines, with the exit code they mean."""
    try:
        app()
    except NewsetlError as error:
        complain(f"error: {error}")
        sys.exit(USAGE if isinstance(error, ConfigError) else FAILED)
