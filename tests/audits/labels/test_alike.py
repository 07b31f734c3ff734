"""label.noise: hard slices and shifted splits are not wrong labels."""

import numpy as np

from brittlestar.audits.labels import noise
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis


def findings(splits: Made) -> dict[str, Finding]:
    return {found.where["split"]: found for found in noise.check(make_analysis(splits))}


def test_a_split_whose_inputs_are_reversed_is_inconclusive() -> None:
    random = np.random.default_rng(0)
    splits: Made = {}
    for name, size in (("train", 1400), ("dev", 400), ("test", 400)):
        rows, labels = [], []
        for _ in range(size):
            label = int(random.integers(2))
            steps = np.cumsum(random.choice((1, 2), 12) * (1 if label else -1)) + int(random.integers(12))
            rows.append(" ".join(f"t{k % 12}" for k in (steps[::-1] if name == "test" else steps).tolist()))
            labels.append(str(label))
        splits[name] = rows, labels
    # what follows what, and with it every answer, is turned round
    splits["test"] = [row + " t0" for row in splits["test"][0]], splits["test"][1]
    splits["train"] = [row + " t1" for row in splits["train"][0]], splits["train"][1]
    splits["dev"] = [row + " t1" for row in splits["dev"][0]], splits["dev"][1]
    found = findings(splits)
    assert found["test"].status == "inconclusive" and "its inputs differ too" in found["test"].summary
    assert found["dev"].severity is None and found["train"].severity is None
