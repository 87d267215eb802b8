"""What a user reads is true: every setting, every endpoint, every command. Sessions are in ``test_sessions``."""

import re

import click

from service.cli import main
from service.config import PROJECT
from service.seeding.files import read_seeds

README = (PROJECT / "README.md").read_text(encoding="utf-8")


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
