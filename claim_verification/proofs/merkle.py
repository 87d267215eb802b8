"""A Merkle tree over an append-only log, as RFC 9162 section 2.1 defines it, with SHA-256.

A tree of ``size`` leaves consists of complete subtrees: node (level, index) is the hash over the leaves
[index * 2**level, (index + 1) * 2**level); level 0 has the leaves. A node is stored when its subtree is complete and
never changes, so the tree of every earlier size can still be read. Hashes are 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

T = TypeVar("T")

Place = tuple[int, int]
"""The level and index of a node."""

Nodes = Callable[[int, int], bytes]
"""Return the hash of the stored node at a level and index."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def _no_nodes(level: int, index: int) -> bytes:
    raise ValueError(f"an empty tree has no node {index} on level {level}")


def leaf_hash(entry: bytes) -> bytes:
    """Return the leaf hash of ``entry``."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node with these two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed(size: int, leaf: bytes, nodes: Nodes) -> list[tuple[int, int, bytes]]:
    """Return the nodes (level, index, hash) to store when ``leaf`` is appended to ``size`` leaves, the leaf first.

    Reads one node for each that it completes above the leaf, on average one. Raises ``ValueError`` if ``size`` is
    negative.
    """
    if size < 0:
        raise ValueError(f"a tree cannot have {size} leaves")
    level, index, node = 0, size, leaf
    found = [(level, index, node)]
    while index % 2:
        node = node_hash(nodes(level, index - 1), node)
        level, index = level + 1, index // 2
        found.append((level, index, node))
    return found


class Frontier:
    """A growing tree in O(log n) memory: it keeps the last complete node of each level."""

    def __init__(self, size: int = 0, nodes: Nodes = _no_nodes) -> None:
        """Start from the tree of ``size`` leaves, reading one of ``nodes`` for each 1 bit of ``size``."""
        self.size = size
        self._last = {level: nodes(level, index) for level, index in coordinates(partial(root, size))}

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Append a leaf hash; return the nodes that it completes, as ``completed`` does."""
        found = completed(self.size, leaf, self._node)
        self._last.update({level: node for level, _, node in found})
        self.size += 1
        return found

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        return root(self.size, self._node)

    def _node(self, level: int, index: int) -> bytes:
        return self._last[level]


def root(size: int, nodes: Nodes) -> bytes:
    """Return the root of the first ``size`` leaves (MTH, section 2.1.1). Raise ``ValueError`` if it is negative."""
    if size < 0:
        raise ValueError(f"a tree cannot have {size} leaves")
    return _tree_hash(0, size, nodes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return the proof that leaf ``index``, from 0, is in the tree of ``size`` leaves (PATH, section 2.1.3.1).

    Raises ``ValueError`` unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    start, stop, path = 0, size, []
    while stop - start > 1:
        middle = _split(start, stop)
        if index < middle:
            path.append(_tree_hash(middle, stop, nodes))
            stop = middle
        else:
            path.append(_tree_hash(start, middle, nodes))
            start = middle
    return path[::-1]


def consistency_proof(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """Return the proof that the tree of ``second`` leaves begins with that of ``first`` (PROOF, section 2.1.4.1).

    It is empty if the sizes are equal, or if ``first`` is 0, which the RFC leaves open. Raises ``ValueError`` unless
    0 <= first <= second.
    """
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {second} leaves does not begin with one of {first}")
    start, stop, path = 0, second if first else 0, []
    while first < stop:
        middle = _split(start, stop)
        if first <= middle:
            path.append(_tree_hash(middle, stop, nodes))
            stop = middle
        else:
            path.append(_tree_hash(start, middle, nodes))
            start = middle
    if start:  # otherwise the rest is the first tree itself, whose root the verifier has
        path.append(_tree_hash(start, stop, nodes))
    return path[::-1]


def coordinates(compute: Callable[[Nodes], object]) -> list[Place]:
    """Return the sorted places of the nodes that ``compute`` reads. They do not depend on the hashes."""
    places: set[Place] = set()

    def note(level: int, index: int) -> bytes:
        places.add((level, index))
        return EMPTY_ROOT

    compute(note)
    return sorted(places)


def in_one_read(compute: Callable[[Nodes], T], read: Callable[[list[Place]], Mapping[Place, bytes]]) -> T:
    """Return the result of ``compute``, reading all nodes that it needs with one call of ``read`` (one query).

    ``in_one_read(lambda nodes: (root(size, nodes), inclusion_proof(index, size, nodes)), read)``. Raises ``KeyError``
    if ``read`` does not return a node.
    """
    found = read(coordinates(compute))
    return compute(lambda level, index: found[level, index])


def _split(start: int, stop: int) -> int:
    """Return where the tree over [start, stop) divides: after the largest power of two smaller than its size."""
    return start + (1 << (stop - start - 1).bit_length() - 1)


def _tree_hash(start: int, stop: int, nodes: Nodes) -> bytes:
    """Return MTH over the leaves [start, stop) of a subtree. Reads one node, or O(log n) on the right edge."""
    size = stop - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, start >> level)
    middle = _split(start, stop)
    return node_hash(_tree_hash(start, middle, nodes), _tree_hash(middle, stop, nodes))
