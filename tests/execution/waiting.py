"""A worker that never ends by itself."""

import time

from brittlestar.execution.worker import end_with_the_run


def wait_for_ever() -> None:
    end_with_the_run()
    time.sleep(600)
