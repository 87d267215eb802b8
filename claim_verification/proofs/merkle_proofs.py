"""Verification of Merkle proofs by the algorithms of RFC 9162, independent of ``merkle``, which makes them.

Malformed input gives False. A root does not state the size of its tree: a proof for one size may also hold for another,
whose tree joins the same hashes in the same order. Trust a size only as far as the head that states it.
"""

from __future__ import annotations

from collections.abc import Sequence

from claim_verification.proofs.merkle import EMPTY_ROOT, node_hash


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Return ``True`` if ``path`` leads from leaf ``index`` (from 0) of ``size`` to the root (section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root_hash, *path):
        return False
    position, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            position, last = _rise(position, last)
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root_hash


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Return ``True`` if the tree of ``second`` leaves begins with that of ``first`` by this path (section 2.1.4.2).

    The RFC defines 0 < first < second. Here an empty path also shows that a tree begins with itself, and with the
    empty tree.
    """
    if not 0 <= first <= second or not _are_hashes(first_root, second_root, *path):
        return False
    if first in (0, second):
        return not path and first_root == (second_root if first else EMPTY_ROOT)
    if not path:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    # If ``first`` is a power of two, its tree is a node of the second: the path leaves out its root.
    begin, *rest = path if first & (first - 1) else (first_root, *path)
    old = new = begin
    for sibling in rest:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            position, last = _rise(position, last)
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _rise(position: int, last: int) -> tuple[int, int]:
    """Skip the levels on which the node has no sibling because it is the last."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _are_hashes(*values: object) -> bool:
    return all(isinstance(value, bytes) and len(value) == 32 for value in values)
