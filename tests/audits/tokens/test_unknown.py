from collections import Counter

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from brittlestar.audits.running import audit_dataset
from brittlestar.audits.tokens.markers import padding_codes, unknown_codes
from brittlestar.audits.tokens.unknown import telling
from brittlestar.audits.tokens.unknown import unknown_tokens as unknown
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis


def made(share: float, other: float, token: str, splits: tuple[str, ...], n: int = 800) -> Made:
    """Two classes; a share of the rows of c1, and another of c0, hold the token in the named splits."""
    random = np.random.default_rng(11)
    found: Made = {}
    for name, size in (("train", n), ("dev", n // 4), ("test", n // 2)):
        rows, labels = [], []
        for _ in range(size):
            tokens = [f"t{k}" for k in random.integers(0, 12, random.integers(5, 15))]
            label = int(random.integers(2))
            if name in splits and random.random() < (share if label else other):
                tokens[int(random.integers(len(tokens)))] = token
            rows.append(" ".join(tokens))
            labels.append(f"c{label}")
        found[name] = rows, labels
    return found


def findings(splits: Made) -> dict[tuple[str, str], Finding]:
    found = unknown.function(make_analysis(splits))
    return {(finding.where.get("split", ""), finding.where.get("kind", "")): finding for finding in found}


@pytest.mark.parametrize("token", ["<unk>", "[UNK]", "UNK", "<oov>", "__unk__", "<UNKNOWN>"])
def test_a_written_unknown_token_that_tells_the_class_is_found(token: str):
    splits = made(0.6, 0.1, token, ("train", "dev", "test"))
    found = findings(splits)["train", "written"]
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["difference_at_equal_length"] == pytest.approx(
        (0.5 if found.evidence["class"] == "c1" else -0.5), abs=0.1
    )
    assert [int(k) for k in found.evidence["row_ids"]] == [
        k for k, row in enumerate(splits["train"][0]) if token in row
    ]


def test_an_unknown_token_that_tells_nothing_is_absent():
    found = findings(made(0.3, 0.3, "<unk>", ("train", "dev", "test")))
    assert {one.status for one in found.values()} == {"absent"}


def test_longer_rows_of_one_class_hold_more_unknown_tokens_and_that_is_no_finding():
    random = np.random.default_rng(4)
    labels = random.integers(0, 2, 2_000)
    lengths = np.where(labels == 1, random.integers(12, 30, 2_000), random.integers(4, 22, 2_000))
    drawn = (random.integers(0, 30, n) for n in lengths)
    rows = [" ".join("<unk>" if random.random() < 0.03 else f"w{k}" for k in row) for row in drawn]
    found = findings({"train": (rows, [f"c{k}" for k in labels])})["train", "written"]
    assert abs(found.evidence["rate_in_class"] - found.evidence["rate_elsewhere"]) > 0.1
    assert found.status == "absent"


def test_small_splits_are_inconclusive_and_splits_of_one_class_absent():
    splits = made(0.5, 0.0, "<unk>", ("dev", "test"))
    splits["shift_small"] = splits["test"][0][:8], splits["test"][1][:8]
    splits["shift_one"] = splits["test"][0][:90], ["c0"] * 90
    found = findings(splits)
    assert "50 would do" in found["shift_small", "written"].summary
    assert found["shift_small", "written"].status == "inconclusive"


def test_telling_is_the_mantel_haenszel_test():
    random = np.random.default_rng(8)
    labels = random.integers(0, 2, 600)
    lengths = random.integers(1, 4, 600)
    present = random.random(600) < 0.2 + 0.1 * labels + 0.1 * lengths
    found = telling(present, labels, lengths, 2)
    assert found is not None
    tables = [
        np.asarray([[((labels == a) & (present == b) & (lengths == n)).sum() for b in (True, False)] for a in (0, 1)])
        for n in (1, 2, 3)
    ]
    expected = StratifiedTable(tables).test_null_odds(correction=False)
    assert found.p == pytest.approx(min(1.0, 2 * expected.pvalue))
    counts = Counter(zip(labels.tolist(), present.tolist(), strict=True))
    rate = {a: counts[a, True] / (counts[a, True] + counts[a, False]) for a in (0, 1)}
    assert found.rate == pytest.approx(rate[found.label])
    assert found.elsewhere == pytest.approx(rate[1 - found.label])
    right = max(counts[0, True], counts[1, True]) + max(counts[0, False], counts[1, False])
    majority = max(300, (labels == 0).sum(), (labels == 1).sum())
    assert found.gain == pytest.approx((right - majority) / 600)


def test_a_class_of_two_rows_tells_nothing():
    labels = np.r_[np.zeros(1_000, np.int64), 1, 1]
    present = np.arange(1_002) % 50 == 1  # one of the two rows among them
    present[1_000:] = True, False
    assert telling(present, labels, np.full(1_002, 5), 2) is None
    labels[:30] = 2
    found = telling(present, labels, np.full(1_002, 5), 3)
    assert found is not None
    assert found.label != 1


def masked(share: float, train: float = 0.0, token: str = "[MASK]") -> Made:
    """Every token of test is masked with probability `share`, of train with `train`."""
    random = np.random.default_rng(12)
    found: Made = {}
    for name, size, rate in (("train", 800, train), ("dev", 200, train), ("test", 400, share)):
        rows = [[f"t{k}" for k in random.integers(0, 12, 12)] for _ in range(size)]
        labels = ["c1" if "t0" in row else "c0" for row in rows]
        hidden = [[token if random.random() < rate else one for one in row] for row in rows]
        found[name] = [" ".join(row) for row in hidden], labels
    return found


@pytest.mark.parametrize(
    ("share", "train", "severity"), [(0.15, 0.0, "error"), (0.03, 0.0, "error"), (0.3, 0.05, "warning")]
)
@pytest.mark.parametrize("token", ["[MASK]", "<unk>"])
def test_far_more_masks_than_in_train_are_the_one_cause_that_is_reported(
    share: float, train: float, severity: str, token: str
):
    found = audit_dataset(make_analysis(masked(share, train, token)))
    (here,) = (f for f in found if f.code == "token.unknown" and f.where == {"split": "test", "kind": "written"})
    assert (here.status, here.severity) == ("present", severity)
    assert here.evidence["share_of_tokens"]["test"] == pytest.approx(share, abs=0.02)
    assert len(here.evidence["rows"]) == 10
    loud = {f.code for f in found if f.severity in ("error", "warning") and f.where.get("split") == "test"}
    assert loud == {"token.unknown"}


def test_as_many_masks_as_in_train_are_nothing():
    assert findings(masked(0.15, 0.12))["test", "written"].status == "absent"


def test_masks_of_a_split_declared_as_shifted_are_information():
    splits = masked(0.15)
    splits["shift_masked"] = splits.pop("test")
    assert findings(splits)["shift_masked", "written"].severity == "info"


def test_names_of_padding_and_unknown_are_recognised_and_words_are_not():
    padding = ["<pad>", "[PAD]", "PAD", "<PAD>", "__pad__", "<|pad|>", "<blank>", "_PAD_"]
    unknowns = ["<unk>", "[UNK]", "UNK", "<oov>", "OOV", "{unk}", "[MASK]", "<mask>", "(UNK)", "<unk0>", "⟨unk⟩"]
    words = ["MASK", "mask", "(rarely)", "pad", "unknown", "padding", "Pad", "<b>", "[", "", "rare", "<s>", "PADS"]
    words += ["blank", "unk", "null"]
    tokens = [*padding, *unknowns, *words]
    assert [tokens[k] for k in padding_codes(tokens)] == padding
    assert [tokens[k] for k in unknown_codes(tokens)] == unknowns
