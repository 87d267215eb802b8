"""The old name of ``claim_verification``, kept for one release."""

import warnings

from claim_verification import *  # noqa: F403 - every public name
from claim_verification import __all__ as __all__

warnings.warn(
    "service.client is now claim_verification: `from claim_verification import Client`. "
    "The old name goes with the next release.",
    DeprecationWarning,
    stacklevel=2,
)
