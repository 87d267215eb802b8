"""The commands that need a database. Those over HTTP are in ``claim_verification.cli``."""
