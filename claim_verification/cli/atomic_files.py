"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from claim_verification.errors import BadInput


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name once all of it is on the disk."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise BadInput(str(path), f"cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            draft.unlink()
