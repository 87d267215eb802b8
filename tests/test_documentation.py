"""What a user reads is true: the README's session, every setting, every endpoint, every command."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from service.cli import main
from service.config import PROJECT
from service.seeding.files import read_seeds
from tests.processes import running_service

README = (PROJECT / "README.md").read_text(encoding="utf-8")
SHELL = [
    (m["command"], m["output"])
    for m in re.finditer(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ |```).*\n)*)", README, re.M)
]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's session needs curl")
def test_the_session_of_the_readme_gives_what_it_says(tmp_path: Path) -> None:
    """Pasted into a shell against a freshly seeded server."""
    assert len(SHELL) >= 5
    with running_service(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}"}) as service:
        for command, output in SHELL:
            line = command.replace("http://127.0.0.1:8000", service.url)
            done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30, check=True)
            assert done.stdout == output, command


def test_every_setting_is_documented_with_its_default() -> None:
    source = (PROJECT / "service" / "config.py").read_text(encoding="utf-8")
    settings = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)
    page = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert len(settings) >= 11
    assert re.findall(r"^\| `([A-Z_]+)` \|", page, re.M) != []
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.M)) == set(settings)


def test_every_command_is_named_in_the_readme() -> None:
    assert isinstance(main, click.Group)
    assert [name for name in main.commands if f"`{name}`" not in README] == []


def test_every_endpoint_is_named_in_the_readme() -> None:
    paths = re.findall(r"^  (/\S*):$", (PROJECT / "openapi.yaml").read_text(encoding="utf-8"), re.M)
    assert len(paths) >= 18
    named = set(re.findall(r"`(?:GET )?(/[^`]*)`", README))
    assert [path for path in paths if re.sub(r"\{\w+_id\}", "{id}", path) not in named] == []


def test_links_between_documents_lead_somewhere() -> None:
    for page in [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *(PROJECT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_the_size_of_the_seeds_is_what_the_pages_say() -> None:
    seeds = read_seeds(PROJECT / "seeds")
    changes = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"seeded with {len(seeds.claims)} claims" in README
    assert f"{len(seeds.claims)} claims and {len(seeds.mentions)} mentions" in changes
