"""Loaded once in the fork server: everything a worker needs, so that starting one costs a fork."""

from brittlestar.execution import work as work
from brittlestar.execution import worker as worker
from brittlestar.training.process import has_torch, keep_memory

if has_torch():
    from brittlestar.execution import networks as networks

keep_memory()
