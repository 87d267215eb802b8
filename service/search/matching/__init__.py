"""The matching kernel: how much a text looks like it repeats a claim, and why. Pure: it reads no store."""
