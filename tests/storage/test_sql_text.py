"""Queries are written with Peewee's builder; SQL text is for the syntax that an engine has of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import service
from service.storage.database import Database

PACKAGE = Path(service.__file__).parent
OWN_SYNTAX = {
    "deferred.py",
    "integrity.py",
    "pgvector.py",
    "postgresql_text_index.py",
    "schema/__init__.py",
    "sqlite_text_index.py",
    "text_index.py",
    "written_positions.py",
}
# The methods of ``Database`` that take SQL text.
TEXT_METHODS = {"row", "rows", "rows_planned_anew", "run", "run_many", "stream"}


def _callers() -> set[str]:
    """Return the modules outside of ``Database`` and the migrations that call one of those methods."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "migrations" and path.name != "database.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in TEXT_METHODS and _is_database(node.value):
                    found.add(path.name if path.name != "__init__.py" else f"{path.parent.name}/{path.name}")
    return found


def _is_database(node: ast.expr) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "database") or (
        isinstance(node, ast.Name) and node.id == "database"
    )


def test_sql_text_stays_in_the_modules_of_an_engine() -> None:
    assert all(hasattr(Database, name) for name in TEXT_METHODS)
    assert _callers() == OWN_SYNTAX
