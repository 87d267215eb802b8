"""Whether a Merkle proof holds: the algorithms of RFC 9162, which know nothing of how ``merkle`` makes proofs.

Anything malformed is False. A root does not state the size of its tree: where the trees of two sizes join the same
hashes at the same turns, the proof for one holds for the other. Trust a size only as far as the head that states it.
"""

from __future__ import annotations

from collections.abc import Sequence

from claim_verification.proofs.merkle import EMPTY_ROOT, node_hash


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether ``path`` leads from ``leaf``, at ``index`` from 0 among ``size``, to ``root_hash``: section 2.1.3.2."""
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
    """Whether ``path`` shows that the tree of ``second`` leaves begins with that of ``first``: section 2.1.4.2.

    The RFC has 0 < first < second. Beyond it an empty path shows that a tree begins with itself, and every tree with
    the empty one.
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
    # A first tree of a power of two is a node of the second: its root is known and left out of the path.
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
    """Pass the levels on which the node has no sibling because it is the last."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _are_hashes(*values: object) -> bool:
    return all(isinstance(value, bytes) and len(value) == 32 for value in values)
