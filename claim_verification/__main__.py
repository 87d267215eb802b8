"""Run the commands: ``python -m claim_verification`` does what ``claims`` does."""

from claim_verification.cli import main

main(prog_name="claims")
