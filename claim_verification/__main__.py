"""Run the command line: ``python -m claim_verification`` is the same as ``claims``."""

from claim_verification.cli import main

main(prog_name="claims")
