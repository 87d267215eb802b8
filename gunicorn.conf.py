"""For `gunicorn -c gunicorn.conf.py 'service.api:create_app()'`, which is what `claims serve` runs."""

from service.gunicorn_settings import *  # noqa: F403 - gunicorn takes the names that it knows
