"""The former name of ``claim_verification``; it works for one release."""

import sys
import warnings

from claim_verification import *  # noqa: F403 - all public names
from claim_verification import __all__ as __all__
from claim_verification import errors

# Where `from service.client.errors import NotFound` finds its module.
sys.modules[f"{__name__}.errors"] = errors
sys.modules[f"{__name__}.shapes"] = sys.modules["claim_verification.models"]

warnings.warn(
    "service.client is now claim_verification: use `from claim_verification import Client`. "
    "The old name will be removed in the next release.",
    DeprecationWarning,
    stacklevel=2,
)
