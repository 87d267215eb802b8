"""The worker of gunicorn: it reads requests and sends responses without a thread, so that a slow client holds none."""
