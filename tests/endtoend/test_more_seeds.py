"""A run that plans its seeds from the claims, with real trainings."""

import json
from collections import Counter
from pathlib import Path

import pytest

from brittlestar import RunResult, run
from brittlestar.core.errors import InputError
from brittlestar.verbs.report import report
from tests.execution.tiny import contents

FIT = """
import numpy as np
def fit(train, dev, seed):
    random = np.random.default_rng([seed, STREAM])
    def predict(rows):
        right = random.random(len(rows)) < SKILL
        own = np.asarray([float(row[0] == "a") for row in rows])
        chosen = np.where(right, own, 1 - own)
        return np.stack([1 - chosen, chosen], axis=1)
    return predict
"""
CLAIMS = """
claims:
  - good > bad by 0.01 on accuracy
  - {claim: twins > good by 0.01 on accuracy, max_seeds: 10}
"""


def study(folder: Path, claims: str = CLAIMS) -> Path:
    """Three variants of own code: one is right in 90 of 100 rows, its twin as often, another in 60."""
    for name, skill in (("good", 0.9), ("twins", 0.9), ("bad", 0.6)):
        code = FIT.replace("SKILL", str(skill)).replace("STREAM", str(len(name)))
        (folder / f"{name}_fit.py").write_text(code, encoding="utf-8")
    data = folder / "data"
    data.mkdir()
    for split, rows in (("train", 40), ("dev", 40), ("test", 200)):
        lines = [f"{'a' if k % 2 else 'b'} {k},{k % 2}" for k in range(rows)]
        (data / f"{split}.csv").write_text("\n".join(["sequence,label", *lines]) + "\n", encoding="utf-8")
    text = "name: planned\ndata: {path: data}\nmodel: {own: bad_fit:fit}\nvariants:\n"
    text += "".join(f"  {name}: {{model.own: {name}_fit:fit}}\n" for name in ("good", "twins", "bad"))
    (folder / "study.yaml").write_text(text + claims, encoding="utf-8")
    return folder / "study.yaml"


def seeds(result: RunResult) -> Counter[str]:
    return Counter(cell.variant for cell in result.record.cells if cell.state == "done")


def test_only_the_variants_of_an_open_claim_get_more_seeds_up_to_its_maximum(tmp_path: Path) -> None:
    file = study(tmp_path)
    said = run(file, dry_run=True)
    assert said["cells"] == 20 and said["worst"]["cells"] == 20 + 35 + 35 + 5
    result = run(file, out=tmp_path / "s", executor="serial")
    settled, open_ = result.judgements
    assert settled.verdict == "supported" and open_.verdict != "supported"
    assert seeds(result)["main"] == seeds(result)["bad"] == 5 == settled.seeds
    assert seeds(result)["twins"] == open_.seeds == (10 if open_.verdict == "inconclusive" else open_.seeds)
    budget = [one for one in result.document["findings"] if one["code"] == "claim.unequal-budget"]
    assert budget and not [one for one in budget if one["status"] == "present"]
    before = contents(tmp_path / "s")
    again = run(file, out=tmp_path / "s", executor="serial")
    assert [judgement.sentence for judgement in again.judgements] == [
        judgement.sentence for judgement in result.judgements
    ]
    after = contents(tmp_path / "s")
    assert after == before, "what is done is not done again"
    kept = run(file, out=tmp_path / "s", executor="serial", settle="no")
    assert seeds(kept) == seeds(result), "seeds that were planned before are not dropped"
    written = [one["verdict"] for one in report(tmp_path / "s")["claims"] if "default" not in one]
    assert written == [settled.verdict, open_.verdict]


def test_a_number_of_seeds_or_a_no_keeps_to_the_plan(tmp_path: Path) -> None:
    file = study(tmp_path)
    for name, options in (("a", {"seeds": 5}), ("b", {"settle": "no"})):
        result = run(file, out=tmp_path / name, executor="serial", **options)
        assert set(seeds(result).values()) == {5}
    said = run(file, settle="no", dry_run=True)
    assert said["worst"]["cells"] == 20


def test_at_any_time_it_looks_after_every_seed_and_the_claim_says_so(tmp_path: Path) -> None:
    file = study(tmp_path, "claims: ['good > bad by 0.2 on accuracy']\n")
    result = run(file, out=tmp_path / "s", executor="serial", anytime=True)
    (claim,) = json.loads((tmp_path / "s" / "claims.json").read_bytes())
    assert claim["looks"] == [] and claim["registered"]
    (found,) = result.judgements
    assert found.registered and found.verdict == "supported" and 5 <= found.seeds < 20
    assert found.seeds == seeds(result)["good"]
    again = run(file, out=tmp_path / "s", executor="serial")
    assert again.judgements == result.judgements, "a later run knows how the claim was registered"


def test_with_the_relation_it_goes_on_until_that_is_known_too(tmp_path: Path) -> None:
    file = study(tmp_path, "claims: [{claim: twins > good by 0.3 on accuracy, margin: 0.02, max_seeds: 20}]\n")
    early = run(file, out=tmp_path / "a", executor="serial")
    assert early.judgements[0].verdict == "refuted" and early.judgements[0].seeds == 5
    late = run(file, out=tmp_path / "b", executor="serial", settle="relation")
    assert late.judgements[0].verdict == "refuted" and late.judgements[0].seeds > 5
    assert late.judgements[0].relation == "equivalent" or late.judgements[0].seeds == 20
    with pytest.raises(InputError, match=r"^settle must be no, claim or relation \(got"):
        run(file, out=tmp_path / "c", settle="maybe")
