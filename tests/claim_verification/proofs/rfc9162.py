"""Section 2.1 of RFC 9162, written down as it defines things: recursive, over the entries themselves, and slow."""

from functools import cache
from hashlib import sha256

Entries = tuple[bytes, ...]


@cache
def mth(entries: Entries) -> bytes:
    """MTH, 2.1.1."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: Entries) -> list[bytes]:
    """PATH, 2.1.3.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def proof(m: int, entries: Entries) -> list[bytes]:
    """PROOF, 2.1.4.1, for 0 < m <= len(entries)."""
    return subproof(m, entries, True)


def subproof(m: int, entries: Entries, known: bool) -> list[bytes]:
    """SUBPROOF, 2.1.4.1; ``known``: the verifier has the hash of this subtree already."""
    if m == len(entries):
        return [] if known else [mth(entries)]
    k = split(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], known), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


def split(n: int) -> int:
    """K: the largest power of two smaller than ``n``."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def way_to_leaf(m: int, size: int) -> tuple[bool, ...]:
    """Return the turns from the root to leaf ``m``, True for right: all that the size means for a path of PATH."""
    if size == 1:
        return ()
    k = split(size)
    return (m >= k, *(way_to_leaf(m, k) if m < k else way_to_leaf(m - k, size - k)))


def way_to_edge(m: int, size: int) -> tuple[bool, ...]:
    """Return the turns to the last subtree of the first ``m`` > 0 leaves, for a path of PROOF."""
    if m == size:
        return ()
    k = split(size)
    return (m > k, *(way_to_edge(m, k) if m <= k else way_to_edge(m - k, size - k)))
