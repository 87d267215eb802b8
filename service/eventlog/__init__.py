"""Event log: events and their canonical JSON. Pure. Proofs about it are in ``claim_verification.proofs``."""
