"""Small file systems to fill up and to write-protect, where mounting is permitted."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Yield a file system of that size; the test is skipped where mounting is not permitted."""
    folder.mkdir()
    with _mounted(folder, "-t", "tmpfs", "-o", f"size={size}", "tmpfs"):
        yield folder


@contextmanager
def write_protected(folder: Path) -> Iterator[None]:
    """Make the folder read-only for every file opened from now on."""
    with _mounted(folder, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True, timeout=30)
        yield


@contextmanager
def _mounted(folder: Path, *what: str) -> Iterator[None]:
    try:
        mount = subprocess.run(["mount", *what, folder], capture_output=True, text=True, timeout=30, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if mount.returncode:
        pytest.skip(f"mounting is not permitted: {mount.stderr.strip()}")
    try:
        yield
    finally:
        # Lazily: a handle that is still open must not keep the folder from being removed.
        subprocess.run(["umount", "--lazy", folder], check=True, timeout=30)


def fill(folder: Path) -> Path:
    """Return a file that takes all the room there is."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for block in (bytes(2**16), bytes(2**10), bytes(1)):
            try:
                while True:
                    file.write(block)
            except OSError:
                continue
    return filler
