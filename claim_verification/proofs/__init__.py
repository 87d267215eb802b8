"""Merkle proofs, and the verification of an event log without trust in the service. Pure."""
