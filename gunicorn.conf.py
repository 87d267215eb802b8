"""For `gunicorn -c gunicorn.conf.py 'service.api:create_app()'`, which `claims serve` is equivalent to."""

import gc

# Before the imports, of which collections of garbage would take a tenth: see the settings.
gc.set_threshold(10_000, 10, 10)

from service.gunicorn_settings import *  # noqa: E402, F403 - gunicorn reads the names that are its settings
