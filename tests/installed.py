"""The built wheel in an environment of its own, with its requirements and nothing else.

The requirements are linked from this environment, so no network is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
from importlib.metadata import distribution, requires
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement

from tests.processes import PROJECT

OWN = "claim-verification"


def needed(name: str, extra: str = "") -> set[str]:
    """Return all direct and indirect requirements of a distribution with an extra, on this system."""
    lines = _own_requirements(extra) if name == OWN else requires(name) or []
    wanted = map(Requirement, lines)
    own = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": extra})]
    deeper = (needed(one.name, each) for one in own for each in ("", *one.extras))
    return {one.name.lower().replace("_", "-") for one in own}.union(*deeper)


def _own_requirements(extra: str) -> list[str]:
    """Return those of this checkout, which another installation may be behind."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"].get(extra, [])]


def installed(folder: Path, extra: str = "") -> Path:
    """Return the interpreter of a new environment in ``folder``, with the wheel and that extra installed."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True, timeout=60)
    [wheel] = folder.glob("*.whl")
    environment = folder / "venv"
    venv.create(environment, with_pip=False)
    [packages] = environment.glob("lib/python*/site-packages")
    for name in needed(OWN, extra):
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or [] if not file.is_absolute() and file.parts[0] != ".."}:
            source = Path(str(found.locate_file(top)))
            if source.exists() and top != "__pycache__" and not (packages / top).exists():
                (packages / top).symlink_to(source)
    with ZipFile(wheel) as archive:
        archive.extractall(packages)
    return environment / "bin" / "python"


def run(python: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a program in that environment."""
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
    """Return the environment variables of such a program: these settings and few others."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **settings}
