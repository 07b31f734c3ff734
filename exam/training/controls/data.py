"""Which tasks each program can learn, with other numbers of rows, noise, balance and other rows."""

from __future__ import annotations

import hashlib

MARKERS = (
    "markers",
    "markers rows=400",
    "markers rows=2000",
    "markers rows=1500 noise=0.1 dev_noise=0.1",
    "markers noise=0 dev_noise=0",
    "markers scarce=login:0.4",
    "markers dev=100 draw=2",
    "markers rows=700 held_out=800 sorted_train=no",
)
ORDER = (
    "order",
    "order rows=700",
    "order rows=2500",
    "order noise=0.08 dev_noise=0.08",
    "order noise=0 dev_noise=0",
    "order scarce=after:0.5",
    "order dev=120 draw=2",
    "order rows=1500 held_out=1000 sorted_train=yes",
)
COUNTS = (
    "counts",
    "counts rows=500",
    "counts rows=2500",
    "counts noise=0.1 dev_noise=0.1",
    "counts noise=0 dev_noise=0",
    "counts scarce=upper:0.4",
    "counts dev=80 draw=2",
    "counts rows=1200 held_out=900 sorted_train=yes",
)
FEW = ("markers rows=300", "counts rows=300", "rare", "rare rows=2400")
BAG = (*MARKERS, *COUNTS, *FEW, "noisy")
READER = (*ORDER, *ORDER, *MARKERS, *COUNTS)
TASKS_OF = {
    "attention_net": BAG,
    "bag_loop": BAG,
    "bag_net": BAG,
    "bigru_net": READER,
    "binary_loop": ORDER,
    "cnn_loop": (*COUNTS, *MARKERS, "noisy-dev"),
    "cnn_net": (*COUNTS, *MARKERS, "counts rows=300"),
    "gru_loop": (*ORDER, *MARKERS),
    "lstm_loop": (*ORDER, *MARKERS),
    "lstm_net": (*ORDER, *MARKERS),
    "stack_net": BAG,
    "transformer_net": READER,
}
"""{program: its tasks}; a bag cannot tell order."""


def task_of(program: str, control: str) -> str:
    """The task of a control: drawn by its name, so that a new control changes no other."""
    tasks = TASKS_OF[program]
    return tasks[int.from_bytes(hashlib.sha256(f"task of {control}".encode()).digest()[:4], "big") % len(tasks)]
