"""The matching kernel: scores how likely a text repeats a claim, and explains the score. Pure: it reads no store."""
