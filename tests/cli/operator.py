"""An operator at the command line, with an environment of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner

from harness.ports import free_port
from harness.tables import rows_of
from renumber.cli import program

RENUMBER = Path(sys.executable).with_name("renumber")
PASSWORD = "correct horse battery"
ENDS_WITHIN = 120  # seconds, on a machine that has other things to do
ARGON2 = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4dWRWJTmaaJObG0ozwl8xgwS0"


@contextmanager
def only_these(environment: Mapping[str, str]) -> Iterator[None]:
    """Let this process see another environment for a while."""
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(environment)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def both(self) -> str:
        return self.out + self.err


@dataclass
class Operator:
    """One installation, seen from its shell."""

    url: str
    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of whoever runs the tests, and all that an operator sets."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("RENUMBER_")}
        return {
            **inherited,
            "RENUMBER_BASE_URL": "http://127.0.0.1:8000",
            "RENUMBER_DATABASE_URL": self.url,
            "RENUMBER_SECRET_KEY_FILE": str(self.folder / "key"),
            "RENUMBER_SMTP_URL": f"smtp://127.0.0.1:{free_port()}?tls=none",
            "RENUMBER_MAIL_FROM": "account@example.com",
            "RENUMBER_SMS_URL": f"http+json://127.0.0.1:{free_port()}/sms",
            "RENUMBER_SUPPORT_CONTACT": "support@example.com",
            "RENUMBER_ARGON2_MEMORY": "8192",
            "RENUMBER_ARGON2_TIME": "1",
            "RENUMBER_CLOCK_OFFSET_FILE": str(self.folder / "clock"),
            **self.more,
        }

    def runs(self, *words: str, stdin: str | bytes = "") -> Said:
        """Run a command to its end, within this process: starting one for each would take most of the time."""
        with chdir(self.folder), only_these(self.environment):
            ended = CliRunner().invoke(program, words, input=stdin)
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Said(ended.exit_code, ended.stdout, ended.stderr)

    def runs_apart(self, *words: str, stdin: str = "") -> Said:
        """Run a command as a process of its own; whatever it says, it is never a traceback."""
        ended = subprocess.run(
            [RENUMBER, *words],
            env=self.environment,
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=ENDS_WITHIN,
            check=False,
        )
        said = Said(ended.returncode, ended.stdout, ended.stderr)
        assert "Traceback" not in said.both, said.both
        return said

    def does(self, *words: str, stdin: str = "") -> str:
        """Run a command that has to succeed."""
        said = self.runs(*words, stdin=stdin)
        assert said.code == 0, said.both
        return said.out

    def starts(self, *words: str, umask: int = -1) -> subprocess.Popen[str]:
        """Start a command that goes on."""
        return subprocess.Popen(
            [RENUMBER, *words],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            umask=umask,
        )

    def enters(self, email: str = "erika@example.com", phone: str = "+4915123456789") -> str:
        """Enter somebody."""
        words = ("account", "create", "--email", email, "--name", "Erika Muster", "--phone", phone)
        return self.does(*words, "--password-stdin", stdin=f"{PASSWORD}\n")

    def moves_clock(self, seconds: float) -> None:
        """Let time pass for every command from now on."""
        (self.folder / "clock").write_text(str(seconds))

    def writes(self, name: str, content: str | bytes) -> Path:
        """Put a file where the commands run."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return path

    def counts(self, table: str) -> int:
        """Count rows."""
        return int(rows_of(self.url, f"SELECT count(*) AS found FROM {table}")[0]["found"])  # noqa: S608 - ours
