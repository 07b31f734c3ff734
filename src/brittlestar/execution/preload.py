"""Loaded once in the fork server: everything a worker needs, so that starting one costs a fork."""

from brittlestar.execution import work as work
from brittlestar.execution import worker as worker
from brittlestar.training.process import keep_memory

keep_memory()
