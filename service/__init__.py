"""The service: claims, their sources, and how many independent origins stand behind each of them."""

from claim_verification._version import __version__ as __version__

DISTRIBUTION = "claim-verification"
"""Tells this package from others of the same name."""
