"""The stored tree gives what the RFC defines, at every size, and reads little for it."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claim_verification.proofs.merkle import (
    EMPTY_ROOT,
    Frontier,
    Place,
    completed,
    consistency_proof,
    coordinates,
    in_one_read,
    inclusion_proof,
    leaf_hash,
    root,
)
from tests.claim_verification.proofs import rfc9162
from tests.claim_verification.proofs.trees import ENTRIES, LEAVES, MOST, Stored, full

SIZES = range(MOST + 1)

# The tree that implementations of Certificate Transparency check themselves against.
KNOWN = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
KNOWN_INCLUSION = [  # of leaf 5 among 8
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
KNOWN_CONSISTENCY = [  # of 6 and 8
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]


def test_the_known_tree() -> None:
    stored = Stored()
    for size, entry in enumerate(KNOWN):
        stored.append(size, leaf_hash(entry))
    assert [root(size, stored).hex() for size in range(9)] == KNOWN_ROOTS
    assert [node.hex() for node in inclusion_proof(5, 8, stored)] == KNOWN_INCLUSION
    assert [node.hex() for node in consistency_proof(6, 8, stored)] == KNOWN_CONSISTENCY


def test_every_root_is_the_rfcs() -> None:
    assert [root(size, full()) for size in SIZES] == [rfc9162.mth(ENTRIES[:size]) for size in SIZES]


def test_every_inclusion_proof_is_the_rfcs() -> None:
    for size in SIZES:
        for index in range(size):
            assert inclusion_proof(index, size, full()) == rfc9162.path(index, ENTRIES[:size])


def test_every_consistency_proof_is_the_rfcs() -> None:
    for second in SIZES:
        assert consistency_proof(0, second, full()) == []
        for first in range(1, second + 1):
            assert consistency_proof(first, second, full()) == rfc9162.proof(first, ENTRIES[:second])


@given(st.lists(st.binary(max_size=3), max_size=70), st.data())
def test_any_entries_equal_ones_too(entries: list[bytes], data: st.DataObject) -> None:
    stored = Stored()
    for size, entry in enumerate(entries):
        stored.append(size, leaf_hash(entry))
    size = data.draw(st.integers(0, len(entries)))
    prefix = tuple(entries[:size])
    assert root(size, stored) == rfc9162.mth(prefix)
    if size:
        index = data.draw(st.integers(0, size - 1))
        assert inclusion_proof(index, size, stored) == rfc9162.path(index, prefix)
        assert consistency_proof(index + 1, size, stored) == rfc9162.proof(index + 1, prefix)


def test_every_complete_subtree_is_stored_once_and_nothing_else() -> None:
    """Each append stores what it completes: under two nodes a leaf, and one read a leaf, on average."""
    stored = Stored()
    for size, leaf in enumerate(LEAVES, 1):
        stored.append(size - 1, leaf)
        expected = {(level, index) for level in range(size.bit_length()) for index in range(size >> level)}
        assert set(stored.nodes) == expected
        assert len(stored.nodes) < 2 * size
        assert stored.reads < size
    for (level, index), node in stored.nodes.items():
        assert node == rfc9162.mth(ENTRIES[index << level : (index + 1) << level])


@given(st.integers(1, MOST), st.data())
def test_a_proof_reads_few_nodes_and_all_at_once(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    reads: list[list[Place]] = []

    def read(places: list[Place]) -> dict[Place, bytes]:
        reads.append(places)
        return {place: full().nodes[place] for place in places}

    assert in_one_read(partial(root, size), read) == root(size, full())
    assert in_one_read(partial(inclusion_proof, index, size), read) == inclusion_proof(index, size, full())
    assert in_one_read(partial(consistency_proof, index, size), read) == consistency_proof(index, size, full())
    assert in_one_read(partial(completed, index, LEAVES[index]), read) == completed(index, LEAVES[index], full())
    assert len(reads) == 4
    assert all(len(places) <= 2 * size.bit_length() for places in reads)
    for places in reads:
        for level, position in places:
            assert (position + 1) << level <= size


def test_a_tree_of_billions_needs_no_more_than_its_logarithm() -> None:
    size, index = 5_000_000_019, 3_141_592_653
    assert len(coordinates(partial(root, size))) == size.bit_count()
    assert len(coordinates(partial(inclusion_proof, index, size))) <= 2 * size.bit_length()
    assert len(coordinates(partial(consistency_proof, index, size))) <= 2 * size.bit_length()


@given(st.integers(0, MOST))
def test_a_frontier_goes_on_from_any_size(start: int) -> None:
    frontier = Frontier(start, full())
    assert frontier.root() == root(start, full())
    for size, leaf in enumerate(LEAVES[start:], start):
        assert frontier.append(leaf) == completed(size, leaf, full())
    assert (frontier.size, frontier.root()) == (MOST, root(MOST, full()))


def test_an_empty_frontier() -> None:
    assert Frontier().root() == EMPTY_ROOT
    with pytest.raises(ValueError, match="an empty tree has no node"):
        Frontier(1)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: root(-1, full()),
        lambda: completed(-1, LEAVES[0], full()),
        lambda: Frontier(-1),
        lambda: inclusion_proof(0, 0, full()),
        lambda: inclusion_proof(5, 5, full()),
        lambda: inclusion_proof(-1, 5, full()),
        lambda: consistency_proof(6, 5, full()),
        lambda: consistency_proof(-1, 5, full()),
    ],
    ids=[
        "root-of-less-than-nothing",
        "append-to-less-than-nothing",
        "frontier-of-less-than-nothing",
        "leaf-of-nothing",
        "leaf-behind-the-last",
        "leaf-before-the-first",
        "later-before-earlier",
        "less-than-nothing",
    ],
)
def test_the_impossible_is_refused(impossible: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="leaves"):
        impossible()
