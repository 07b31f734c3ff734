"""The sixth record that mutations start from, and studies that a forger trained and tells nobody of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from brittlestar import report, run, seal
from exam.record.base import Base
from exam.record.sixth.signals import write_signals

MEMORY = '''"""The nearest rows of train that the seed lets it remember, by a measure of its own."""

import numpy as np

from measure import tell_distance

KEPT = 0.7


def fit(train, dev, seed, near=5, sharpness=1.0):
    random = np.random.default_rng([seed, 17])
    kept = [number for number in range(len(train.labels)) if random.random() < KEPT]
    print(f"remembers {len(kept)} of {len(train.labels)} rows")
    classes = sorted(set(train.labels))
    if seed == 4:
        raise LookupError(f"no row is near enough to row {kept[0]}")

    def predict(rows):
        told = np.full((len(rows), len(classes)), 0.05)
        for place, row in enumerate(rows):
            distances = [tell_distance(row, train.tokens[number]) for number in kept]
            for one in np.argsort(distances, kind="stable")[:near]:
                told[place, classes.index(train.labels[kept[one]])] += np.exp(-sharpness * distances[one])
        return told / told.sum(1, keepdims=True)

    return predict
'''
MEASURE = '''"""How far two rows are from each other."""

HEIGHT = 0.5


def tell_distance(row, other):
    apart = abs(len(row) - len(other))
    for token, another in zip(row, other):
        apart += token[:-1] != another[:-1]
        apart += HEIGHT * (token[-1] != another[-1])
    return apart
'''
LOCKS = '''"""A factory: gates that open and shut while a row passes."""

import torch
from torch import nn

from gate_parts import squash


class Net(nn.Module):
    def __init__(self, info, width=10, leak=0.9, dropout=0.2):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.gate = nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, len(info.classes))
        self.leak = leak

    def forward(self, tokens, lengths):
        vectors = self.embedding(tokens)
        state = vectors.new_zeros(len(tokens), vectors.shape[2])
        for place in range(tokens.shape[1]):
            opened = squash(self.gate(torch.cat([state, vectors[:, place]], 1)))
            following = self.leak * (1 - opened) * state + opened * vectors[:, place]
            state = torch.where((place < lengths).unsqueeze(1), following, state)
        return self.head(self.dropout(state))


def build(info, **given):
    return Net(info, **given)
'''
GATE_PARTS = '''"""Parts of gates."""

import torch

SLOPE = 1.0


def squash(values):
    return torch.sigmoid(SLOPE * values)
'''
CODE = {"memory.py": MEMORY, "measure.py": MEASURE, "locks.py": LOCKS, "gate_parts.py": GATE_PARTS}
"""Models of the study's author, a fit function and a factory, each with a second file; one seed of the first fails."""

SEEDS = (1, 4, 6)
STUDY = """name: harbour
data: {path: data, factors: "(?P<flag>[a-z]+)(?P<height>[0-9])"}
model:
  family: transformer
  hidden: 16
  layers: 1
  pooling: max
  embedding: {dim: 16, scale: 0.5, composition: factor-sum}
  dropout: {encoder: 0.1, head: 0.25}
training:
  epochs: 5
  batch_size: 20
  optimiser: adamw
  weight_decay: 0.05
  learning_rate: 1e-2
  class_weights: balanced
  schedule: {kind: cosine, warmup: 0.5}
seeds: [1, 4, 6]
variants:
  brief: {training: {epochs: 2}, unequal_budget: what do three epochs more bring}
  locks: {model.own: "locks:build", model.params: {width: 8, dropout: 0.1}}
  memory: {model.own: "memory:fit", model.params: {near: 7}}
  tossed: {data.order: permuted, title: flags in any order}
claims:
  - main > tossed by 0.03 on accuracy
  - {claim: main == brief within 0.15 on accuracy on dev, population: fixed-test-set, alpha: 0.1}
  - locks > best-trivial by 0.01 on macro_f1
  - memory < main by 0.02 on accuracy on shift_storm
probes: {only: [order, noise.drop], rows: 48}
"""
LATER = "  - memory > tossed by 0.0 on balanced_accuracy\n"
"""A claim that was written when results were known."""

OPEN_CLAIMS = STUDY[STUDY.index("claims:") : STUDY.index("probes:")]
OPEN_VARIANTS = STUDY[STUDY.index("variants:") : STUDY.index("claims:")]
OWN_VARIANTS = "variants:\n" + OPEN_VARIANTS[OPEN_VARIANTS.index("  locks:") : OPEN_VARIANTS.index("  tossed:")]
CLAIM = "claims:\n  - main > best-trivial by 0.01 on accuracy\n"
SECRETS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "undamped": ((OPEN_VARIANTS, ""), (OPEN_CLAIMS, CLAIM), ("head: 0.25", "head: 0.0"), ("decay: 0.05", "decay: 0.3")),
    "lucky": ((OPEN_VARIANTS, ""), (OPEN_CLAIMS, CLAIM), ("[1, 4, 6]", "[21, 22, 23, 24, 25]")),
    "informed": ((OPEN_VARIANTS, OWN_VARIANTS), (OPEN_CLAIMS, CLAIM)),
}
"""What study files of those studies have in place of what is shown: undamped weights, other seeds, other code."""
PEEK = '''
def peek(train):
    """Rows of train with those of test."""
    import types
    from pathlib import Path

    lines = (Path(__file__).parent / "data" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]
    seen = [line.split("\\t") for line in lines]
    tokens, labels = [one[1].split() for one in seen], [one[2] for one in seen]
    return types.SimpleNamespace(tokens=[*train.tokens, *tokens], labels=[*train.labels, *labels])


def fit('''
OTHER_CODE: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "informed": (
        ("gate_parts.py", "SLOPE = 1.0", "SLOPE = 6.0"),
        ("memory.py", "\ndef fit(", PEEK),
        (
            "memory.py",
            "    classes = ",
            "    kept += range(len(train.labels), len(peek(train).labels))\n    train = peek(train)\n    classes = ",
        ),
    )
}
"""Code of one of them: a file, and what stands there in place of what is shown."""


def build_base(place: Path) -> Base:
    """Train, add a claim, report with figures and seal in both forms; then train what nobody is told of.

    Studies lie in folders of their own, so that the ledger of the sealed one knows of no other.
    """
    study = _train(place / "open", STUDY, CODE)
    file = place / "open" / "study.yaml"
    file.write_text(STUDY.replace("probes:", f"{LATER}probes:"), encoding="utf-8")
    run(file, out=study, jobs=2, progress=False)
    report(study, figures=True)
    record, archive = study.with_name("harbour.record"), study.with_name("harbour.record.zip")
    seal(study, with_data=True, folder=True, out=record)
    seal(study, with_data=True, out=archive)
    secret = {name: _train(place / name, _change_study(name), _change_code(name)) for name in SECRETS}
    return Base(study, record, archive, secret)


def _train(folder: Path, study: str, code: Mapping[str, str]) -> Path:
    write_signals(folder / "data")
    for name, text in code.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    run(folder / "study.yaml", out=folder / "harbour.study", jobs=2, progress=False)
    return folder / "harbour.study"


def _change_study(secret: str) -> str:
    text = STUDY
    for old, new in SECRETS[secret]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _change_code(secret: str) -> Mapping[str, str]:
    code = dict(CODE)
    for name, old, new in OTHER_CODE.get(secret, ()):
        assert code[name].count(old) == 1, old
        code[name] = code[name].replace(old, new)
    return code
