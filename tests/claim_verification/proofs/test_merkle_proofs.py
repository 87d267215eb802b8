"""A true proof holds, and nothing else does."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claim_verification.proofs.merkle import EMPTY_ROOT, consistency_proof, inclusion_proof, node_hash, root
from claim_verification.proofs.merkle_proofs import verify_consistency, verify_inclusion
from tests.claim_verification.proofs import rfc9162
from tests.claim_verification.proofs.trees import LEAVES, MOST, full

SMALL = 40
OTHER = bytes(range(32))
sizes = st.integers(1, MOST)
numbers = st.integers(-(2**70), 2**70) | st.integers(-3, MOST)
hashes = st.binary(min_size=32, max_size=32) | st.sampled_from(LEAVES) | st.binary(max_size=40)


def roots(size: int) -> bytes:
    return root(size, full())


def test_every_inclusion_proof_holds() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            path = inclusion_proof(index, size, full())
            assert verify_inclusion(LEAVES[index], index, size, path, roots(size))


def test_every_consistency_proof_holds() -> None:
    for second in range(MOST + 1):
        for first in range(second + 1):
            path = consistency_proof(first, second, full())
            assert verify_consistency(first, second, roots(first), roots(second), path)


def spoilt(path: list[bytes], byte: int, bit: int) -> Iterator[list[bytes]]:
    """Yield the path with one element changed, lost, doubled, cut or exchanged with the next, and with one more."""
    for at, element in enumerate(path):
        flipped = bytearray(element)
        flipped[byte] ^= 1 << bit
        yield [*path[:at], bytes(flipped), *path[at + 1 :]]
        yield [*path[:at], *path[at + 1 :]]
        yield [*path[:at], element, *path[at:]]
        yield [*path[:at], element[:-1], *path[at + 1 :]]
        if at + 1 < len(path):
            yield [*path[:at], path[at + 1], element, *path[at + 2 :]]
    yield [*path, OTHER]
    yield [OTHER, *path]


bits = st.tuples(st.integers(0, 31), st.integers(0, 7))


def flip(value: bytes, bit: tuple[int, int]) -> bytes:
    changed = bytearray(value)
    changed[bit[0]] ^= 1 << bit[1]
    return bytes(changed)


@given(sizes, st.data(), bits)
def test_a_changed_inclusion_proof_fails(size: int, data: st.DataObject, bit: tuple[int, int]) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaf, path = LEAVES[index], inclusion_proof(index, size, full())
    for changed in spoilt(path, *bit):
        assert not verify_inclusion(leaf, index, size, changed, roots(size))
    assert not verify_inclusion(flip(leaf, bit), index, size, path, roots(size))
    assert not verify_inclusion(leaf, index, size, path, flip(roots(size), bit))
    for other in range(-1, size + 2):
        assert verify_inclusion(leaf, other, size, path, roots(size)) == (other == index)


@given(sizes, st.data(), bits)
def test_a_changed_consistency_proof_fails(second: int, data: st.DataObject, bit: tuple[int, int]) -> None:
    first = data.draw(st.integers(1, second))
    old, new, path = roots(first), roots(second), consistency_proof(first, second, full())
    for changed in spoilt(path, *bit):
        assert not verify_consistency(first, second, old, new, changed)
    assert not verify_consistency(first, second, flip(old, bit), new, path)
    assert not verify_consistency(first, second, old, flip(new, bit), path)
    for other in range(-1, second + 2):
        assert verify_consistency(other, second, old, new, path) == (other == first)


def test_another_size_holds_exactly_where_the_tree_joins_the_same_hashes_at_the_same_turns() -> None:
    """The documented limit of a root, which does not state its size: no more than that gets through."""
    for size in range(1, SMALL):
        for index in range(size):
            path = inclusion_proof(index, size, full())
            for other in range(-1, SMALL):
                same = other > index and rfc9162.way_to_leaf(index, other) == rfc9162.way_to_leaf(index, size)
                assert verify_inclusion(LEAVES[index], index, other, path, roots(size)) == same
        for first in range(1, size):
            path = consistency_proof(first, size, full())
            for other in range(-1, SMALL):
                same = other >= first and rfc9162.way_to_edge(first, other) == rfc9162.way_to_edge(first, size)
                assert verify_consistency(first, other, roots(first), roots(size), path) == same


@given(hashes, numbers, numbers, st.lists(hashes, max_size=80), hashes)
def test_nonsense_is_false(one: bytes, first: int, second: int, path: list[bytes], other: bytes) -> None:
    """And an answer always comes."""
    assert not verify_inclusion(one, first, second, path, other) or (first, second, path, one) == (0, 1, [], other)
    trivial = not path and ((first == second and one == other) or (first == 0 and one == EMPTY_ROOT))
    assert not verify_consistency(first, second, one, other, path) or trivial


def test_a_root_made_for_a_malformed_path_does_not_help_it() -> None:
    """A path longer than the tree is deep, and one whose steps are no hashes."""
    leaf, short = LEAVES[0], OTHER[:-1]
    assert not verify_inclusion(leaf, 0, 1, [OTHER], node_hash(OTHER, leaf))
    assert not verify_inclusion(leaf, 0, 2, [short], node_hash(leaf, short))
    assert not verify_inclusion(short, 0, 2, [leaf], node_hash(short, leaf))
    assert not verify_consistency(1, 2, leaf, node_hash(leaf, short), [short])


@pytest.mark.parametrize("second", [0, 1, 7, 8])
def test_every_tree_begins_with_the_empty_one(second: int) -> None:
    assert verify_consistency(0, second, EMPTY_ROOT, roots(second), [])
    assert not verify_consistency(0, second, EMPTY_ROOT, roots(second), [OTHER])
    assert not verify_consistency(0, second, OTHER, roots(second), [])


def test_a_tree_begins_with_itself_and_no_other_of_its_size() -> None:
    assert verify_consistency(7, 7, roots(7), roots(7), [])
    assert not verify_consistency(7, 7, roots(7), OTHER, [])
    assert not verify_consistency(7, 7, roots(7), roots(7), [OTHER])
