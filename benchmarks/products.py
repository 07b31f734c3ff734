"""The matrix products of a study's training and nothing else: what no way to train the same models does without.

What `throughput.py` measures beside training alone and the whole command. It takes the recurrent layers and the head
through random numbers in the padded shapes of training, on as many one-thread processes, with the same kernels:

- `steps`: every batch of every epoch of every seed, forwards and backwards;
- `steps+scoring`: also forwards what training scores, train (at most 2,000 rows) and dev before the first epoch and
  after each, and test once.

It has no embedding, dropout, pooling, loss, optimiser, metric or file of results.
Run alone: python benchmarks/products.py DATA OUT HIDDEN SEEDS EPOCHS steps|steps+scoring
"""

import json
import multiprocessing
import sys
from pathlib import Path

import numpy as np
import torch
from training_alone import settings

from brittlestar.execution.environment import usable_cores
from brittlestar.execution.job_inputs import read_sections
from brittlestar.models.build import build
from brittlestar.models.info import model_info
from brittlestar.pipeline.open import open_input
from brittlestar.pipeline.prepare import prepare
from brittlestar.training.batches import scoring_batches, training_batches
from brittlestar.training.loop import SCORED_TRAIN_ROWS
from brittlestar.training.process import keep_memory


class Products:
    """The recurrent layers and the head of a cell's model, on random numbers."""

    def __init__(self, data, cell):
        _, self.sizes, self.training = read_sections(cell)
        self.model = build(self.sizes, model_info(data))
        self.model.encoder.dropout = 0.0
        self.inputs = {}

    def step(self, longest, rows):
        states, found, logits = self._forward(longest, rows)
        torch.autograd.backward([found, logits], [torch.ones_like(found), torch.ones_like(logits)])
        states.grad = None
        self.model.zero_grad()

    def score(self, longest, rows):
        with torch.no_grad():
            self._forward(longest, rows)

    def _forward(self, longest, rows):
        if (longest, rows) not in self.inputs:
            states = torch.randn(longest, rows, self.sizes.embedding.dim, requires_grad=True)
            self.inputs[longest, rows] = states, torch.ones(longest, rows, dtype=torch.bool)
        states, mask = self.inputs[longest, rows]
        found = self.model.encoder(states, mask, mask.sum(0))
        return states, found, self.model.head(found[-1].detach().requires_grad_())


def multiply(data, cell, epochs, scoring):
    products = Products(data, cell)
    lengths = {name: split.lengths for name, split in data.splits.items()}

    def step_through(epoch):
        products.model.train()
        for rows in training_batches(lengths["train"], products.training.batch_size, cell.seed, epoch):
            products.step(int(lengths["train"][rows].max()), len(rows))

    def score(name, most):
        products.model.eval()
        for rows in scoring_batches(lengths[name], np.arange(min(most, len(lengths[name])))):
            products.score(int(lengths[name][rows].max()), len(rows))

    for epoch in range(epochs + 1):
        if epoch:
            step_through(epoch)
        if scoring:
            score("train", SCORED_TRAIN_ROWS)
            score("dev", len(lengths["dev"]))
    if scoring:
        score("test", len(lengths["test"]))


def work_through(data, cells, epochs, scoring, out):
    torch.set_num_threads(1)
    keep_memory()
    for cell in cells:
        multiply(data, cell, epochs, scoring)
        (out / f"products-{cell.seed}.json").write_text(json.dumps({"epochs": epochs}), encoding="ascii")


def main(argv):
    folder, place, hidden, seeds, epochs, what = argv
    prepared = prepare(open_input(folder, overrides={**settings(hidden, epochs, "fp32"), "seeds": seeds}))
    out, cores = Path(place), usable_cores()
    out.mkdir(parents=True)
    fork = multiprocessing.get_context("fork")
    rest = int(epochs), what == "steps+scoring", out
    processes = [
        fork.Process(target=work_through, args=(prepared.opened.data, prepared.cells[k::cores], *rest))
        for k in range(cores)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0, process.exitcode


if __name__ == "__main__":
    main(sys.argv[1:])
