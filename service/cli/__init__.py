"""Commands that need the database at hand. Those over HTTP are in ``claim_verification.cli``."""
