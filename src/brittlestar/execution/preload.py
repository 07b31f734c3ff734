"""Loaded once in the fork server: everything a worker needs, so that starting one costs a fork."""

import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for who asked, as in workers

import psutil as psutil  # noqa: E402

from brittlestar.execution import work as work  # noqa: E402
from brittlestar.execution import worker as worker  # noqa: E402
from brittlestar.training.process import has_torch, keep_memory  # noqa: E402

if has_torch():
    from brittlestar.execution import networks as networks

keep_memory()
