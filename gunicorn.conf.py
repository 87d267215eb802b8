"""For `gunicorn -c gunicorn.conf.py 'service.api:create_app()'`, which `claims serve` is equivalent to."""

import gc

# As `claims serve` does (claim_verification/cli/local_service.py), and before the imports, which leave no garbage.
gc.set_threshold(10_000, 10, 10)

from service.gunicorn_settings import *  # noqa: E402, F403 - gunicorn reads the names that are its settings
