"""Read Microdata (WHATWG HTML, section 5) into nodes like those of JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.interchange.claimreview.jsonld_nodes import Node

if TYPE_CHECKING:
    from service.interchange.claimreview.page_tree import PageTree

MOST_REFERRED = 100_000
"""The maximum number of steps from element to element that ``itemref`` can make a reader take."""


class TooManyReferences(Exception):
    """Raised when reading through ``itemref`` takes more than ``MOST_REFERRED`` steps."""


def microdata_nodes(tree: PageTree) -> list[tuple[int, Node]]:
    """Return the items of a page in their order, each with its line. Items in items are values of their properties."""
    return _Items(tree).read()


class _Items:
    """The items of a page, by element, and the items that each is a part of."""

    def __init__(self, tree: PageTree) -> None:
        self._tree = tree
        self._nodes: dict[Any, Node] = {}
        self._wholes: dict[int, list[Node]] = {}
        self._steps_left = MOST_REFERRED

    def read(self) -> list[tuple[int, Node]]:
        by_id: dict[str | None, Any] = {}
        stated: list[tuple[Any, Any]] = []
        scopes: list[Any] = []
        for event, element in self._tree.walk():
            if event == "end":
                if scopes and scopes[-1] is element:
                    scopes.pop()
                continue
            by_id.setdefault(element.get("id"), element)
            if scopes and element.get("itemprop") is not None:
                stated.append((scopes[-1], element))
            if element.get("itemscope") is not None:
                self._nodes[element] = self._item(element)
                scopes.append(element)
        for scope, element in stated:
            self._add(self._nodes[scope], element)
        for element, node in self._nodes.items():
            for name in dict.fromkeys((element.get("itemref") or "").split()):
                self._add_referred(node, by_id.get(name))
        return [(element.sourceline, node) for element, node in self._nodes.items()]

    def _item(self, element: Any) -> Node:
        node: Node = {"@type": (element.get("itemtype") or "").split()}
        if identifier := element.get("itemid"):
            node["@id"] = self._tree.address(identifier)
        return node

    def _add(self, node: Node, element: Any) -> None:
        """Add the value of an element to the properties that it names."""
        value: Any = self._nodes.get(element)
        if value is not None:
            self._wholes.setdefault(id(value), []).append(node)
        else:
            value = self._tree.reference(element)
            value = self._tree.value(element) if value is None else value
        for name in element.get("itemprop").split():
            node.setdefault(local_property(name), []).append(value)

    def _is_part(self, node: Node, whole: Node) -> bool:
        """Return whether ``node`` is ``whole`` or a part of it, which an ``itemref`` can lead to."""
        waiting, seen = [node], {id(node)}
        while waiting:
            self._step()
            node = waiting.pop()
            if node is whole:
                return True
            wholes = [each for each in self._wholes.get(id(node), ()) if id(each) not in seen]
            seen.update(map(id, wholes))
            waiting += wholes
        return False

    def _add_referred(self, node: Node, element: Any) -> None:
        """Add the properties in an element outside of the item, but not those of items in it."""
        waiting = [] if element is None else [element]
        while waiting:
            self._step()
            element = waiting.pop()
            item = self._nodes.get(element)
            if element.get("itemprop") is not None and (item is None or not self._is_part(node, item)):
                self._add(node, element)
            if item is None:
                waiting += reversed(element)

    def _step(self) -> None:
        if not self._steps_left:
            raise TooManyReferences
        self._steps_left -= 1


def local_property(name: str) -> str:
    """Return ``claimReviewed`` for ``https://schema.org/claimReviewed``."""
    return name.rpartition("/")[2] if "://" in name else name
