"""Send requests to a server with wrk, and read the processor time and the memory of its processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.lines import Request

SCRIPT = Path(__file__).with_name("requests.lua")
_TICKS = os.sysconf("SC_CLK_TCK")
_SPARE_SECONDS = 60
# For a server that takes longer than a measurement for one answer.
_LONGEST_SECONDS = 20


class NotAnswered(Exception):
    """A server answered otherwise than expected."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers a second, processor microseconds of the server an answer, and latencies in milliseconds."""

    rate: float
    processor_us: float
    p50_ms: float
    p99_ms: float
    answers: int


def check_wrk() -> None:
    """Exit with what to install if wrk is missing."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: it sends the load (Debian: apt-get install wrk; macOS: brew install wrk)")


def measure(
    url: str, group: int, requests: Sequence[Request], key: str, seconds: int, connections: int, status: int
) -> Measured:
    """Send the requests in turn, again and again, for some seconds, to the server of a process group.

    Raises ``NotAnswered`` unless every answer has the status.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.writelines(request.line() for request in requests)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(SCRIPT), url]
        before = processor_seconds(group)
        run = subprocess.run(
            [*command, "--", file.name, key],
            capture_output=True,
            text=True,
            timeout=seconds + _SPARE_SECONDS,
            check=True,
        )
        spent = processor_seconds(group) - before
    found = json.loads(run.stdout.splitlines()[-1])
    answers: dict[str, int] = found["statuses"]
    number = sum(answers.values())
    if not number and not found["broken"] and seconds < _LONGEST_SECONDS:
        return measure(url, group, requests, key, _LONGEST_SECONDS, connections, status)
    if set(answers) != {str(status)} or found["broken"]:
        raise NotAnswered(f"{requests[0].path} answered {answers or 'nothing'}, broken {found['broken']}, not {status}")
    return Measured(number / found["seconds"], spent / number * 1e6, found["p50_ms"], found["p99_ms"], number)


def processor_seconds(group: int) -> float:
    """Return the processor time that the processes of a group have used so far."""
    return sum(int(ticks) for stat in _stats(group) for ticks in stat[11:13]) / _TICKS


def memory_mib(group: int) -> float:
    """Return the largest proportional set size among the processes of a group, in MiB."""
    sizes = [0]
    for stat in _stats(group):
        text = Path(f"/proc/{stat[-1]}/smaps_rollup").read_text(encoding="ascii")
        sizes += [int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")]
    return max(sizes) / 1024


def _stats(group: int) -> list[list[str]]:
    """Return the fields of /proc/PID/stat after the name, and the PID, of the processes of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group:
            found.append([*fields, path.parent.name])
    return found
