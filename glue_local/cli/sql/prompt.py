"""The prompt of ``glue-local sql``: statements that end with a semicolon, with history and completion."""

import readline
import sys
from contextlib import suppress
from pathlib import Path

from botocore.exceptions import ClientError
from rich.console import Console

from glue_local.cli.sql.completion import Completer
from glue_local.cli.sql.formats import Format, Output
from glue_local.cli.sql.session import Interrupted, Session
from glue_local.cli.sql.statements import complete
from glue_local.client.athena import QueryFailed

_REMEMBERED = 1000
_HELP = """\
A statement ends with a semicolon and may span several lines. Tab completes keywords, tables and columns.
  use NAME;    change the database
  Ctrl-C       stop the query, or discard the input
  Ctrl-D       exit; also: exit, quit"""


class Prompt:
    """Reads and runs statements until the end of input."""

    def __init__(self, session: Session, shown_as: Format, history: Path) -> None:
        self._session, self._history = session, history
        self._output = Output(shown_as, None)
        self._console = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)

    def run(self) -> None:
        """Run the prompt; errors are shown and do not end it."""
        self._prepare()
        self._console.print('Athena on glue-local. Type "help" for help.', style="dim")
        try:
            self._read()
        finally:
            self._save_history()

    def _read(self) -> None:
        typed = ""
        while True:
            try:
                line = input(f"{self._session.database}> " if not typed else "… ")
            except KeyboardInterrupt:
                typed = ""
                print()
                continue
            except EOFError:
                print()
                return
            if not typed and line.strip().rstrip(";").lower() in ("exit", "quit"):
                return
            if not typed and line.strip().rstrip(";").lower() == "help":
                self._console.print(_HELP, markup=False)
                continue
            statements, typed = complete(f"{typed}\n{line}" if typed else line)
            for each in statements:
                self._execute(each)

    def _execute(self, sql: str) -> None:
        words = sql.split()
        if len(words) == 2 and words[0].lower() == "use":
            self._session.database = words[1].strip('"`')
            return
        try:
            with self._output.opened() as write:
                write(self._session.run(sql))
        except QueryFailed as failed:
            self._console.print(f"{failed.state}: {' '.join(str(failed).split())}", style="red", markup=False)
        except ClientError as error:
            self._console.print(str(error.response["Error"].get("Message")), style="red", markup=False)
        except Interrupted:
            self._console.print("stopped the query", style="yellow")

    def _prepare(self) -> None:
        completer = Completer(self._session.clients, lambda: self._session.database)
        readline.set_completer(completer.complete)
        readline.set_completer_delims(" \t\n,;()=<>+-*/%|'\"`")
        # On macOS, Python's readline module may use libedit.
        libedit = "libedit" in (readline.__doc__ or "")
        readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
        readline.set_history_length(_REMEMBERED)
        if self._history.exists():
            with suppress(OSError):  # in the format of another readline: start a new history
                readline.read_history_file(self._history)

    def _save_history(self) -> None:
        try:
            self._history.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(self._history)
        except OSError as error:
            print(f"cannot save the history to {self._history}: {error.strerror}", file=sys.stderr)
