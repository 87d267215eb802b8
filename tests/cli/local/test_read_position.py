"""The position of lines in a file that was read ahead."""

from __future__ import annotations

import gzip
import io

from service.cli.local.read_position import PositionedReader


def test_a_line_is_found_in_what_was_read_ahead() -> None:
    text = b"".join(b"%09d\n" % number for number in range(1000))
    reader = PositionedReader(io.BytesIO(text))
    assert reader.position(1) == 0
    assert io.BufferedReader(reader, 4096).read() == text
    for line in (1, 2, 400, 999, 1000):
        assert abs(reader.position(line) - 10 * (line - 1)) <= 10
    assert reader.position(1001) == len(text)


def test_without_lines_it_is_what_was_read() -> None:
    for content in (b'{"a": 1}' * 1000, gzip.compress(b"1\n2\n" * 1000)):
        reader = PositionedReader(io.BytesIO(content))
        io.BufferedReader(reader).read()
        assert reader.position(7) == len(content)
