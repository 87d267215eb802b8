"""Reading a gzip stream that ends too early: every complete line of it arrives, whatever its length."""

from __future__ import annotations

import gzip
import io
from random import Random

import pytest

from service.interchange.importing.export_reader import is_export, read_lines
from service.interchange.importing.outcomes import ItemResult
from service.interchange.publishing.export_format import head_line
from service.model.record_kinds import Scope


@pytest.mark.parametrize("seed", range(20))
def test_every_complete_line_of_a_truncated_stream_is_read(seed: int) -> None:
    random = Random(seed)
    notes = ["".join(random.choices("abcdefghij 0123456789", k=random.randint(100, 900))) for _ in range(60)]
    lines = [head_line(Scope.PUBLIC), *(f'{{"kind":"none","note":"{note}"}}\n'.encode() for note in notes)]
    stream = gzip.compress(b"".join(lines))[:-12]
    assert is_export(stream)

    results = [result for result in read_lines(io.BytesIO(stream), gzipped=True) if isinstance(result, ItemResult)]

    # One refusal a line, as their kind is unknown; the last line may be cut. Then the refusal of the truncated rest.
    assert len(results) in (len(notes), len(notes) + 1)
    assert results[-1].findings[0].code == "truncated"
