"""A set of row keys in one bit a key, for streams over whole stores."""

from __future__ import annotations


class KeySet:
    """A set of positive whole numbers that are not sparse: 125 KB for the keys of a million rows."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, key: int) -> bool:
        """Add a key; return whether it is new."""
        place, bit = key >> 3, 1 << (key & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        is_new = not self._bits[place] & bit
        self._bits[place] |= bit
        return is_new
