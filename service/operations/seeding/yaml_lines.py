"""Read YAML with the line of every value, and refuse duplicate keys and aliases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from service.model.errors import SeedFinding

YamlPath = tuple[str | int, ...]


class _Loader(yaml.CSafeLoader):
    """Leaves a value that cannot be built ("2025-02-30") as text: the schema refuses it with its line."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Build the value of a node."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError):
            return node.value


class YamlFile:
    """One file: its ``data``, and the lines of its parts. ``findings`` are the reasons if it cannot be read."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.data: Any = None
        self.findings: list[SeedFinding] = []
        self._root: yaml.Node | None = None
        try:
            loader = _Loader(path.read_text(encoding="utf-8"))
            self._root = loader.get_single_node()
            if self._root is not None:
                self.findings += self._unreadable(self._root, (), 1, set())
                self.data = None if self.findings else loader.construct_document(self._root)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or str(error)
            self.findings.append(SeedFinding(name, mark.line + 1 if mark else 0, "(file)", f"Not YAML: {reason}."))
        except UnicodeDecodeError as error:
            self.findings.append(SeedFinding(name, 0, "(file)", f"Not UTF-8 at byte {error.start}."))
        except RecursionError:
            self.findings.append(SeedFinding(name, 0, "(file)", "Nested too deeply."))
        except OSError as error:
            self.findings.append(SeedFinding(name, 0, "(file)", str(error)))

    def finding(self, path: Sequence[str | int], reason: str) -> SeedFinding:
        """Return a finding at ``path`` (keys and indexes from the top), with its line."""
        return SeedFinding(self.name, self._line(path), _field(path), reason)

    def _line(self, path: Sequence[str | int]) -> int:
        """Return the line of the deepest existing part of ``path``, 1-based."""
        node = self._root
        line = 1 if node is None else node.start_mark.line + 1
        for step in path:
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            elif isinstance(node, yaml.MappingNode):
                found = [(key, value) for key, value in node.value if key.value == step]
                if not found:
                    break
                line, node = found[0][0].start_mark.line + 1, found[0][1]
            else:
                break
        return line

    def _unreadable(self, node: yaml.Node, path: YamlPath, line: int, seen: set[int]) -> Iterator[SeedFinding]:
        """Yield findings for aliases, duplicate keys and keys that are not strings, which a reviewer would overlook."""
        if not isinstance(node, yaml.CollectionNode):
            return
        if id(node) in seen:
            yield SeedFinding(self.name, line, _field(path), "Aliases are not supported: write the value out.")
            return
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                yield from self._unreadable(item, (*path, number), line, seen)
            return
        names: set[str] = set()
        for key, value in node.value:
            line, step = key.start_mark.line + 1, (*path, str(key.value))
            if key.tag != "tag:yaml.org,2002:str":
                yield SeedFinding(
                    self.name, line, _field(step), f'A key must be a string: write "{key.value}" in quotes.'
                )
            elif key.value in names:
                yield SeedFinding(self.name, line, _field(step), "The key appears twice.")
            names.add(str(key.value))
            yield from self._unreadable(value, step, line, seen)


def _field(path: Sequence[str | int]) -> str:
    """Write a path, such as ``[3].mentions[0].locator.end``."""
    return ".".join(f"[{step}]" if isinstance(step, int) else step for step in path).replace(".[", "[") or "(file)"
