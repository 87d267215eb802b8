"""The built wheel in an environment of its own, with what it asks for and nothing else.

That is linked from here, not downloaded: it needs no network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from importlib.metadata import distribution, requires
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement

from tests.processes import PROJECT


def needed(name: str, extra: str = "") -> set[str]:
    """The requirements of a distribution, or of it with an extra, and theirs, on this system."""
    wanted = [Requirement(line) for line in requires(name) or []]
    own = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": extra})]
    deeper = (needed(one.name, each) for one in own for each in ("", *one.extras))
    return {one.name.lower().replace("_", "-") for one in own}.union(*deeper)


def installed(folder: Path, extra: str = "") -> Path:
    """The interpreter of an environment in ``folder`` with the wheel and that extra, as if pip had put it there."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True, timeout=60)
    [wheel] = folder.glob("*.whl")
    environment = folder / "venv"
    venv.create(environment, with_pip=False)
    [packages] = environment.glob("lib/python*/site-packages")
    for name in needed("claim-verification", extra):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or [] if not file.is_absolute() and file.parts[0] != ".."}:
            source = Path(str(found.locate_file(top)))
            if source.exists() and top != "__pycache__" and not (packages / top).exists():
                (packages / top).symlink_to(source)
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    return environment / "bin" / "python"


def run(python: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A program in that environment, from a folder of its own."""
    return subprocess.run(
        [python, "-I", *arguments],
        cwd=python.parent,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def environment(**settings: str) -> dict[str, str]:
    """What such a program finds in its environment: these settings and no others."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **settings}
