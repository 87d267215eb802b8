"""Merkle proofs and the check of an event log, without trust in the service. Pure."""
