"""Read sentences: who says a statement (``frames``), and if it is denied (``negation``). Pure: no I/O but tables."""
