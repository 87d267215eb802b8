"""The pages name every setting, endpoint and command. Sessions are in ``test_sessions``."""

import re
from collections.abc import Iterator
from typing import Any

import click
import yaml

from claim_verification.cli import main
from service.config import PROJECT
from service.operations.seeding.files import read_seeds

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_with_its_default() -> None:
    source = (PROJECT / "service" / "config.py").read_text(encoding="utf-8")
    settings = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)
    page = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert len(settings) >= 20
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.M)) == set(settings)


def _commands(group: click.Group, before: str = "") -> Iterator[str]:
    """Yield every command, those of groups by both names."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_is_named_in_the_readme() -> None:
    assert isinstance(main, click.Group)
    commands = set(_commands(main))
    assert commands >= {"migrate", "audit", "keys create", "log verify"}
    assert [name for name in commands if f"`{name}`" not in README] == []
    named = set(re.findall(r"`((?:keys|log) [a-z]+)`", README))
    assert named <= commands


def test_every_endpoint_is_named_in_the_readme() -> None:
    """Compare methods and paths; a path without a method is a GET. No other endpoint is promised."""
    document: dict[str, Any] = yaml.load(
        (PROJECT / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    endpoints = {
        f"{method.upper()} {re.sub(r'{[a-z]+_id}', '{id}', path)}"
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert len(endpoints) >= 49
    rows = "\n".join(line for line in README.splitlines() if re.match(r"\| `(GET|POST|PATCH|PUT|DELETE) /", line))
    written = re.findall(r"`(GET |POST |PATCH |PUT |DELETE )?(/[^`?]*)`", rows)
    assert endpoints == {f"{method or 'GET '}{path}" for method, path in written}


def test_the_readme_names_no_module_of_the_server() -> None:
    assert re.findall(r"\bservice[./]\w+", README) == []


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), PROJECT / "benchmarks" / "README.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), (page.name, target)


def test_the_size_of_the_seeds_is_what_the_pages_say() -> None:
    seeds = read_seeds(PROJECT / "seeds")
    changes = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"seeded with {len(seeds.claims)} claims" in README
    assert f"{len(seeds.claims)} claims and {len(seeds.mentions)} mentions" in changes
