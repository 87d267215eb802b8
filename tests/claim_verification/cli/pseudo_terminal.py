"""Commands on a terminal of a given width."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import unicodedata

from tests.processes import PROJECT

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def on_a_terminal(columns: int, *arguments: str, status: int = 0, **environment: str) -> str:
    """Return all that a command writes to a terminal, control sequences included."""
    own, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "claim_verification", *arguments],
        stdin=its,
        stdout=its,
        stderr=its,
        env={**inherited, "TERM": "xterm", **environment},
        cwd=PROJECT,
    )
    os.close(its)
    written = b""
    try:
        while chunk := os.read(own, 4096):
            written += chunk
    except OSError:
        pass  # the process has ended
    finally:
        os.close(own)
        assert process.wait(60) == status, written
    return written.decode().replace("\r\n", "\n")


def visible(line: str) -> str:
    """Return a line without control sequences."""
    return _CONTROL.sub("", line)


def columns_of(line: str) -> int:
    """Return the columns that a line takes, by Unicode's table of East Asian widths."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in visible(line))
