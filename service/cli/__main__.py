"""Run the command line: the same as ``python -m claim_verification``."""

from claim_verification.cli import main

main(prog_name="claims")
