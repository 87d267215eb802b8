"""The page on the architecture agrees with the code: files, rooms, and the arrows of the import contract."""

import re
import tomllib
from pathlib import Path

from service.config import PROJECT

PAGE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
GUIDE = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATH = re.compile(r"(?<![\w/.])(?:service|claim_verification|tests)/[\w/.]*")
EXAMPLE = "service/storage/migrations/NNNN_name.py"


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _rooms(package: Path) -> set[str]:
    return {
        f"{package.name}/{room.name}" for room in package.iterdir() if room.is_dir() and (room / "__init__.py").exists()
    }


def test_every_file_and_folder_named_exists() -> None:
    paths = set(PATH.findall(PAGE)) | set(PATH.findall(GUIDE)) - {EXAMPLE}
    assert len(paths) >= 80
    assert sorted(path for path in paths if not (PROJECT / path.rstrip(".")).exists()) == []


def test_every_room_has_a_line() -> None:
    rows = set(re.findall(r"^\| `([\w/.]+?)/?` \|", _section("Rooms"), re.M))
    rooms = _rooms(PROJECT / "service") | _rooms(PROJECT / "claim_verification")
    assert len(rooms) >= 13
    assert sorted(rooms - rows) == []


def test_every_room_below_a_room_is_on_its_line() -> None:
    lines = dict(re.findall(r"^\| `(service/[\w/]+?)/` \| (.*) \|$", _section("Rooms"), re.M))
    missing = [
        f"{room}/{part}"
        for room in _rooms(PROJECT / "service")
        for part in (path.parent.name for path in (PROJECT / room).glob("*/__init__.py"))
        if f"`{part}/`" not in lines[room]
    ]
    assert missing == []


def test_the_picture_has_the_layers_of_the_import_contract() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    [layers] = [contract["layers"] for contract in contracts["contracts"] if contract["name"] == "Rooms"]
    picture = _section("Arrows").split("```")[1].strip().splitlines()
    drawn = [re.findall(r"service/(\w+)", line.partition("--")[0]) for line in picture]
    assert [sorted(layer) for layer in drawn] == [sorted(re.findall(r"\w+", layer)) for layer in layers]
