"""Identity: which names are one party, which addresses one page, which words one claim. Pure: no I/O."""
