"""For `gunicorn -c gunicorn.conf.py 'service.api:create_app()'`, which `claims serve` is equivalent to."""

from service.gunicorn_settings import *  # noqa: F403 - gunicorn reads the names that are its settings
