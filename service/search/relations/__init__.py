"""Compare two statements: the same, a contradiction, or what differs (``compare``). Pure: it reads no store."""
