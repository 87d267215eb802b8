"""Trees as a store would keep them."""

from functools import cache

from claim_verification.proofs.merkle import Place, completed, leaf_hash

MOST = 200
ENTRIES = tuple(f"entry {number}".encode() for number in range(MOST))
LEAVES = tuple(map(leaf_hash, ENTRIES))


class Stored:
    """Nodes by place; counts how often one is read and refuses to change one."""

    def __init__(self) -> None:
        self.nodes: dict[Place, bytes] = {}
        self.reads = 0

    def __call__(self, level: int, index: int) -> bytes:
        self.reads += 1
        return self.nodes[level, index]

    def put(self, level: int, index: int, node: bytes) -> None:
        assert (level, index) not in self.nodes
        self.nodes[level, index] = node

    def append(self, size: int, leaf: bytes) -> None:
        for node in completed(size, leaf, self):
            self.put(*node)


@cache
def full() -> Stored:
    """Return the tree of all entries."""
    stored = Stored()
    for size, leaf in enumerate(LEAVES):
        stored.append(size, leaf)
    return stored
