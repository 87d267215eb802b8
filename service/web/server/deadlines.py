"""The time that a client may take."""

from __future__ import annotations

from service.web.http.malformed_requests import LEAST_RATE

# Of what has been sent the kernel may still hold this much.
_KERNEL_BYTES = 4 * 1024 * 1024
LINGER_SECONDS = 2.0


def to_receive(seconds: float, received: int) -> float:
    """Return the seconds that a body may take of which ``received`` bytes have arrived."""
    return seconds + received / LEAST_RATE


def to_send(seconds: float, sent: int) -> float:
    """Return the seconds that a client may take until it accepts more of a response, after ``sent`` bytes of it."""
    return seconds + min(sent, _KERNEL_BYTES) / LEAST_RATE
