"""The record that every mutation starts from, and secret runs that a forger passes off as others."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from brittlestar import generate, report, run, seal

COUNTS = '''"""Softmax regression on shares of tokens, by gradient descent."""

import numpy as np

STEPS = 60


def fit(train, dev, seed, rate=0.5):
    print("seed", seed)
    random = np.random.default_rng(seed)
    words = sorted({word for row in train.tokens for word in row})
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))

    def count(rows):
        table = np.zeros((len(rows), len(words)))
        for number, row in enumerate(rows):
            for word in row:
                if word in place:
                    table[number, place[word]] += 1 / len(row)
        return table

    shares = count(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = random.normal(0, 0.1, (len(words), len(classes)))
    for _ in range(STEPS):
        weights -= rate * shares.T @ (softmax(shares @ weights) - wanted) / len(wanted)
    if seed % 3 == 2:
        raise RuntimeError("weights did not settle")
    return lambda rows: softmax(count(rows) @ weights)


def softmax(scores):
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)
'''
"""A model of the study's author, one of whose seeds fails."""

STUDY = """name: base
data:
  path: data
  factors: "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"
model: {family: gru, hidden: 16, layers: 1}
training: {epochs: 4, learning_rate: 1e-2}
seeds: 3
variants:
  wide: {model.hidden: 24}
  counts: {model.own: "counts:fit"}
claims:
  - main > wide by 0.01 on accuracy
probes: {only: [order]}
"""

SECRETS = {
    "lucky": (("seeds: 3", "seeds: [7]"),),
    "pooled": (("layers: 1}", "layers: 1, pooling: max}"),),
}
"""Studies that nobody is told of: another seed of main, and another pooling and other code under the same names."""
OTHER_CODE = (("STEPS = 60", "STEPS = 400"), ("0, 0.1,", "0, 0.5,"))
"""What the code of the second of them has in place of what is shown."""


@dataclass(frozen=True)
class Base:
    """Where the `study` lies, its `record` as a folder and as an `archive`, and studies that are kept `secret`."""

    study: Path
    record: Path
    archive: Path
    secret: dict[str, Path]

    def hash_of(self, variant: str, seed: int) -> str:
        """The name of a run."""
        return _hashes(self.study)[variant, seed]

    def secret_run(self, name: str, variant: str, seed: int) -> tuple[Path, str]:
        """The secret study's folder and the name of one of its runs."""
        return self.secret[name], _hashes(self.secret[name])[variant, seed]


def build_base(place: Path) -> Base:
    """Train, report with figures and seal in a new folder, in both forms; then train what is kept secret.

    Studies lie in folders of their own, so that the ledger of the sealed one knows of no other.
    """
    study = _train(place / "open", STUDY, COUNTS)
    report(study, figures=True)
    record, archive = study.with_name("base.record"), study.with_name("base.record.zip")
    seal(study, with_data=True, folder=True, out=record)
    seal(study, with_data=True, out=archive)
    secret = {
        name: _train(place / name, _replaced(STUDY, changes), _replaced(COUNTS, OTHER_CODE), place / "open" / "data")
        for name, changes in SECRETS.items()
    }
    return Base(study, record, archive, secret)


def _train(folder: Path, study: str, code: str, data: Path | None = None) -> Path:
    folder.mkdir(parents=True)
    if data is None:
        generate(folder / "data", sizes="300/100/100", seed=11)
    else:
        shutil.copytree(data, folder / "data")
    (folder / "counts.py").write_text(code, encoding="utf-8")
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    run(folder / "study.yaml", out=folder / "base.study", jobs=2, progress=False)
    return folder / "base.study"


def _replaced(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _hashes(study: Path) -> dict[tuple[str, int], str]:
    cells = json.loads((study / "study.json").read_bytes())["cells"]
    return {(cell["variant"], cell["seed"]): cell["hash"] for cell in cells}
