"""Read RDFa Lite 1.1 (W3C), with ``about``, ``content`` and direct ``rel``, into nodes like those of JSON-LD.

Of all vocabularies only schema.org's terms are kept. A page that names no vocabulary means it, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from service.interchange.claimreview.jsonld_nodes import Node

if TYPE_CHECKING:
    from service.interchange.claimreview.page_tree import PageTree

_SCHEMA = "http://schema.org/"
_TERM = re.compile(r"https?://(?:www\.)?schema\.org/(\w+)")
_PREFIX = re.compile(r"(\w[\w.-]*):\s+(\S+)")
_MOST_TERMS = 20
"""The maximum number of terms in an attribute, and of prefixes."""


class _Context(NamedTuple):
    """The inherited state of an element: vocabulary, prefixes, and the node that properties belong to."""

    element: Any
    vocabulary: str
    prefixes: dict[str, str]
    subject: Node | None

    def terms(self, attribute: str | None) -> list[str]:
        """Return the terms of schema.org in an attribute."""
        found = (_TERM.fullmatch(self._expanded(token)) for token in (attribute or "").split()[:_MOST_TERMS])
        return [match[1] for match in found if match]

    def _expanded(self, token: str) -> str:
        prefix, colon, rest = token.partition(":")
        if not colon:
            return self.vocabulary + token
        return token if rest.startswith("//") else self.prefixes.get(prefix.lower(), f"{prefix}:") + rest


def rdfa_nodes(tree: PageTree) -> tuple[list[tuple[int, Node]], list[Node]]:
    """Return the typed nodes of a page in their order, each with its line, and the nodes that have an ``@id``."""
    typed: list[tuple[int, Node]] = []
    named: list[Node] = []
    contexts = [_Context(None, _SCHEMA, {"schema": _SCHEMA}, None)]
    for event, element in tree.walk():
        if event == "end":
            if contexts[-1].element is element:
                contexts.pop()
            continue
        context = _inherited(contexts[-1], element)
        subject = _subject(tree, element, context)
        if subject is not None:
            if "@type" in subject:
                typed.append((element.sourceline, subject))
            if "@id" in subject:
                named.append(subject)
        _state(tree, element, context, subject)
        if subject is not None or context is not contexts[-1]:
            contexts.append(context._replace(element=element, subject=subject or context.subject))
    merged = _merged(named)
    for node in [node for _, node in typed] + list(merged.values()):
        for name, values in node.items():
            if isinstance(values, list):
                node[name] = [_reference(value, merged) for value in values]
    found: dict[int, tuple[int, Node]] = {}
    for line, node in typed:
        whole = merged.get(node.get("@id", ""), node)
        found.setdefault(id(whole), (line, whole))
    return list(found.values()), list(merged.values())


def _inherited(context: _Context, element: Any) -> _Context:
    vocabulary, prefixes = element.get("vocab"), element.get("prefix")
    if vocabulary is not None:
        context = context._replace(vocabulary=vocabulary or _SCHEMA)
    if prefixes is not None:
        pairs = _PREFIX.findall(prefixes[:2000])[:_MOST_TERMS]
        context = context._replace(prefixes=context.prefixes | {name.lower(): iri for name, iri in pairs})
    return context


def _subject(tree: PageTree, element: Any, context: _Context) -> Node | None:
    """Return a new node if the element begins one."""
    has_type, about, resource = (element.get(name) for name in ("typeof", "about", "resource"))
    name = about if about is not None else resource
    if has_type is None and (about is None and (resource is None or element.get("property") is not None)):
        return None
    if has_type is not None and name is None:
        name = tree.reference(element)
    node: Node = {} if name is None else {"@id": tree.address(name)}
    return node if has_type is None else node | {"@type": context.terms(has_type)}


def _state(tree: PageTree, element: Any, context: _Context, subject: Node | None) -> None:
    """Add the value of an element to the properties that it names."""
    names = context.terms(element.get("property"))
    resource = element.get("resource")
    address = tree.address(resource) if resource is not None else tree.reference(element)
    if address is not None:
        names += [name for name in context.terms(element.get("rel")) if ":" in element.get("rel")]
    owner = context.subject
    value: Any = subject
    if subject is None or "@type" not in subject or element.get("about") is not None:
        owner = subject if element.get("about") is not None else owner
        value = {"@id": address} if address is not None and element.get("content") is None else None
    if owner is None or not names:
        return
    value = tree.value(element) if value is None else value
    for name in names:
        owner.setdefault(name, []).append(value)


def _reference(value: Any, nodes: dict[str, Node]) -> Any:
    """Return a value: the address alone, if it is a reference to nothing on the page."""
    is_address = isinstance(value, dict) and value.keys() == {"@id"} and value["@id"] not in nodes
    return value["@id"] if is_address else value


def _merged(nodes: list[Node]) -> dict[str, Node]:
    """Return the nodes by ``@id``, each with all that the page states of it."""
    found: dict[str, Node] = {}
    for node in nodes:
        whole = found.setdefault(node["@id"], {"@id": node["@id"]})
        for name, values in node.items():
            if name != "@id":
                whole.setdefault(name, []).extend(values)
    return found
