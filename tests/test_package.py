"""The package as it is published: its description, licences and files."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.processes import PROJECT

SWAGGER_UI = "service/web/static/swagger-ui"
_LICENCES = re.compile(r"\b(?:MIT|BSD-[23]-Clause|BSD(?!-)|Apache|Mozilla|GPL|LGPL|ISC|Zlib|Unlicense)\b")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True, timeout=60)
    return folder


def _wheel(built: Path) -> dict[str, bytes]:
    with ZipFile(next(built.glob("*.whl"))) as archive:
        return {name.partition(".dist-info/")[2]: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def metadata(built: Path) -> Message:
    """Return the metadata of the wheel."""
    return HeaderParser().parsestr(_wheel(built)["METADATA"].decode())


def test_the_description_links_to_no_relative_address(metadata: Message) -> None:
    text = str(metadata.get_payload())
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > 10
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_every_relative_link_of_the_readme_is_a_file_of_the_sdist(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"README.md", "CHANGELOG.md", "LICENSE", "openapi.yaml", "hatch_build.py"} <= names
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", (PROJECT / "README.md").read_text(encoding="utf-8"))
    assert [
        link for link in links if link not in names and not any(name.startswith(f"{link}/") for name in names)
    ] == []


def test_the_wheel_has_the_licence_of_everything_bundled(built: Path, metadata: Message) -> None:
    assert metadata["License-Expression"] == "Apache-2.0 AND MIT AND BSD-3-Clause AND 0BSD"
    files = _wheel(built)
    bundled = "licenses/service/web/static/swagger-ui/"
    for name in (
        "licenses/LICENSE",
        "licenses/service/web/static/htmx/LICENSE",
        f"{bundled}LICENSE",
        f"{bundled}NOTICE",
        f"{bundled}swagger-ui-bundle.js.LICENSE.txt",
    ):
        assert files[name] == (PROJECT / name.removeprefix("licenses/")).read_bytes()
    told = files[f"{bundled}swagger-ui-bundle.js.LICENSE.txt"].decode()
    # Of DOMPurify's two licences ours is Apache-2.0; further ones would have to be in the expression.
    assert set(re.findall(r"\b(?:MIT|BSD|Apache|Mozilla|GPL|ISC|Zlib|Unlicense)\b", told)) == {
        "MIT",
        "BSD",
        "Apache",
        "Mozilla",
    }


def test_pyroma_rates_the_metadata() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pyroma", "--min", "9", "."], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
