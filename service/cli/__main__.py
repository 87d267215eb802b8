"""``python -m service.cli``: the same as ``claims``."""

from service.cli import main

main(prog_name="claims")
