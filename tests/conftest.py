"""What every test relies on."""

import signal


def pytest_configure() -> None:
    """Hear Ctrl-C: a shell starts what runs in its background deaf to it, and some tests send it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
