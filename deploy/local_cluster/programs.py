"""The programs of the topology, and the Debian packages that have them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PACKAGES = {
    "etcd": "etcd-server",
    "patroni": "patroni",
    "psql": "postgresql",
    "haproxy": "haproxy",
    "redis-server": "redis-server",
    "nginx": "nginx-light",
    "openssl": "openssl",
}
# Debian keeps some of them out of the PATH of users.
PATH = os.pathsep.join(("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"))


class Missing(Exception):
    """Programs are missing; the message has the packages to install."""


def program(name: str) -> str:
    """Return the path of a program. Raises ``Missing``."""
    found = shutil.which(name, path=PATH)
    if found is None:
        raise Missing(f"{name} is missing; on Debian and Ubuntu it is in the package {PACKAGES[name]}")
    return found


def check_programs() -> None:
    """Raise ``Missing`` with everything to install, unless all programs are there."""
    packages = [package for name, package in PACKAGES.items() if shutil.which(name, path=PATH) is None]
    if not packages:
        postgres_binaries()
        return
    raise Missing(f"on Debian and Ubuntu: apt-get install {' '.join(packages)}")


def postgres_binaries() -> Path:
    """Return the folder of the newest PostgreSQL server here. Raises ``Missing``."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    if folders:
        return folders[-1].parent
    return Path(program("postgres")).resolve().parent
