"""A synthetic study record with the shape of the founding demo: everything the reports room reads, nothing else.

The numbers are drawn from formulas, not from training; each variant tells a part of the story (overfitting with an
onset near epoch 10, an ablation near chance, a diverged seed, a failed cell, a cell still planned).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.claims.headline_numbers import HeadlineNumbers, OnRows
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.score_estimates import ScoreEstimate
from brittlestar.claims.sentences import make_unmeasured, sentence_of
from brittlestar.core.audit_record import Audit
from brittlestar.core.cells import FORMAT_VERSION
from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Effect, Finding
from brittlestar.core.hashing import digest
from brittlestar.core.results import CellRecord, Setting, SplitRecord, StudyRecord, VariantRecord
from brittlestar.core.seeds import generator
from brittlestar.core.splits import headline_split
from brittlestar.core.trivial_baselines import Score, TrivialBaseline, TrivialBaselines
from brittlestar.reports.study_view import StudyView, make_reading
from brittlestar.statistics.t_intervals import t_interval
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim, claims_document
from brittlestar.study.default_claims import default_claims
from brittlestar.study.sides import SPLIT_MARK

METRICS = ("accuracy", "balanced_accuracy", "macro_f1", "log_loss", "ece", "swa", "cwa", "hwa")
EPOCHS = 20
MAJORITY_LOSS = 0.6931
VARIANTS: dict[str, tuple[str, dict[str, Any], float]] = {
    "main": ("2-layer LSTM (built-in reference, not yours)", {}, 0.79),
    "bidirectional": ("bidirectional LSTM (built-in reference, not yours)", {"model.bidirectional": True}, 0.81),
    "frozen": ("embedding frozen at random (built-in reference, not yours)", {"model.embedding.mode": "frozen-random"},
        0.72),
    "order-permuted": ("token order permuted (built-in reference, not yours)", {"data.order": "permuted"}, 0.64),
    "shape-only": ("shape only (built-in reference, not yours)", {"data.factor": "shape"}, 0.70),
    "colour-only": ("colour only (built-in reference, not yours)", {"data.factor": "colour"}, 0.55),
    "bag": ("bag of tokens (built-in reference, not yours)", {"model.family": "bag"}, 0.66),
}  # fmt: skip
SHIFT = {"train": 0.12, "dev": 0.0, "test": -0.004, "shift_long": -0.11}


def split(name: str, rows: int, length: float, longest: int, unseen: float = 0.0) -> SplitRecord:
    ones = int(rows * 0.497)
    rate = round(1 - ones / rows, 4)
    majority = dict.fromkeys(METRICS, rate) | {"log_loss": MAJORITY_LOSS, "ece": 0.003}
    majority |= {"balanced_accuracy": 0.5, "macro_f1": 0.3347}
    return SplitRecord(
        name=name,
        rows=rows,
        classes=("0", "1"),
        class_counts={"0": rows - ones, "1": ones},
        mean_length=length,
        max_length=longest,
        empty_rows=0,
        unknown_label_rows=0,
        unseen_token_rate=unseen,
        factor_weight_range={"shape": (1, 4), "colour": (1, 4)},
        fingerprint=digest([name, rows]),
        majority=majority,
    )


def settings(name: str, changes: Mapping[str, Any]) -> tuple[Setting, ...]:
    ours: dict[str, Any] = {
        "data.factor": None, "data.factors": "(?P<shape>[▲■●◆])(?P<colour>[rgby])?", "data.order": "kept",
        "data.path": "spr", "data.tokens": "whitespace", "model.bidirectional": False, "model.dropout.encoder": 0.2,
        "model.embedding.dim": 32, "model.embedding.mode": "trained", "model.family": "lstm", "model.hidden": 64,
        "model.layers": 2, "model.pooling": "mean", "training.batch_size": 64, "training.clip": 1.0,
        "training.epochs": EPOCHS, "training.learning_rate": 0.002, "training.optimiser": "adam",
        "training.weight_decay": 0.0,
    }  # fmt: skip
    built = {"model.hidden", "model.layers", "model.bidirectional", "training.learning_rate", "training.weight_decay"}
    listed: list[Setting] = []
    for path, value in sorted((ours | dict(changes)).items()):
        origin = f"variant {name}" if path in changes else "our default"
        if path == "training.learning_rate":
            origin = "study.yaml:14"
        actual = (ours | dict(changes))[path] if path in built else None
        listed.append(Setting(path, value, origin, actual))
    listed.append(Setting("training.adam.eps", 1e-8, "library default", 1e-8))
    return tuple(listed)


def curves(
    variant: str, seed: int, level: float, epochs: int = EPOCHS, stops: int | None = None
) -> dict[str, np.ndarray]:
    """Curves of one cell; from epoch `stops` on everything is NaN, as after a non-finite loss."""
    draw = generator(seed, "example", variant)
    epoch = np.arange(epochs + 1, dtype=float)
    reach = level + draw.normal(0, 0.008)
    rise = 1 - np.exp(-epoch / (3.0 + draw.uniform(0, 1)))
    noise = draw.normal(0, 0.006, (4, epochs + 1))
    dev = 0.5 + (reach - 0.5) * rise + noise[0]
    train = 0.5 + (min(0.97, reach + 0.14) - 0.5) * (1 - np.exp(-epoch / 5.0)) + noise[1] / 2
    floor = 0.693 * (1 - 1.6 * (reach - 0.5))
    onset = 9.0 + draw.normal(0, 0.8)
    dev_loss = 0.693 - (0.693 - floor) * rise + 0.022 * np.clip(epoch - onset, 0, None) * (reach - 0.45) / 0.3
    train_loss = 0.693 * np.exp(-epoch / (11.0 / max(0.15, 3.2 * (reach - 0.45)))) + 0.01
    columns = {
        "train.accuracy": train,
        "dev.accuracy": dev,
        "train.hwa": train - 0.004,
        "dev.hwa": dev - 0.006 + noise[2] / 3,
        "train.log_loss": train_loss,
        "dev.log_loss": dev_loss + noise[3],
        "train.loss": np.concatenate([[np.nan], train_loss[1:] + 0.03]),
        "learning_rate": np.full(epochs + 1, 0.002),
    }
    if stops is not None:
        for column in columns.values():
            column[stops:] = np.nan
    return columns


def scores(variant: str, seed: int, level: float, splits: Mapping[str, SplitRecord]) -> dict[str, Any]:
    draw = generator(seed, "example", variant, "scores")
    mine = level + draw.normal(0, 0.008)
    table: dict[str, Any] = {}
    for name in splits:
        value = max(0.5, mine + SHIFT.get(name, -0.05) * (level - 0.45) / 0.35 + draw.normal(0, 0.006))
        table[name] = {}
        for checkpoint, change in (("best", 0.0), ("last", draw.normal(-0.006, 0.008))):
            score = round(float(value + change), 4)
            row = dict.fromkeys(METRICS, score) | {"hwa": score - 0.005, "swa": score - 0.004, "cwa": score - 0.006}
            row |= {"log_loss": round(0.693 * (1 - 1.4 * (score - 0.5)) - 5 * change, 4), "ece": 0.05 - 2 * change}
            table[name][checkpoint] = row
    return table


def done(variant: str, seed: int, level: float, splits: Mapping[str, SplitRecord]) -> CellRecord:
    track = curves(variant, seed, level)
    best = int(np.argmin(track["dev.log_loss"]))
    return CellRecord(
        hash=digest([variant, seed]),
        variant=variant,
        seed=seed,
        state="done",
        outcome="trained",
        best_epoch=best,
        epochs=EPOCHS,
        curves=track,
        scores=scores(variant, seed, level, splits),
        timing={"seconds": 7.9 + seed},
    )


def diverged(variant: str, seed: int, level: float, splits: Mapping[str, SplitRecord]) -> CellRecord:
    trivial = {name: {"best": dict(record.majority), "last": dict(record.majority)} for name, record in splits.items()}
    return CellRecord(
        hash=digest([variant, seed]),
        variant=variant,
        seed=seed,
        state="done",
        outcome="diverged",
        best_epoch=0,
        epochs=EPOCHS,
        curves=curves(variant, seed, level, stops=4),
        scores=trivial,
        log_tail=("epoch 3: loss 0.71", "epoch 4: loss is not finite (nan); stopping"),
    )


def failed(variant: str, seed: int) -> CellRecord:
    return CellRecord(
        hash=digest([variant, seed]),
        variant=variant,
        seed=seed,
        state="failed",
        error="ValueError: expected logits of shape (64, 2), got (64, 1)",
        log_tail=(
            "epoch 0: dev log loss 0.693",
            "Traceback (most recent call last):",
            '  File "my_model.py", line 31, in forward',
            "ValueError: expected logits of shape (64, 2), got (64, 1)",
        ),
    )


def example(
    variants: Mapping[str, tuple[str, dict[str, Any], float]] | None = None,
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4),
    incidents: bool = True,
    names: tuple[str, ...] = ("train", "dev", "test", "shift_long"),
) -> StudyRecord:
    """The record. With `incidents`, one cell failed, one diverged and one is planned."""
    variants = VARIANTS if variants is None else variants
    rows = {"train": (2000, 15.9, 24), "dev": (500, 16.1, 24), "test": (1000, 16.0, 24), "shift_long": (1000, 36.2, 48)}
    splits = {name: split(name, *rows.get(name, (800, 16.0, 24)), 0.004 * ("shift" in name)) for name in names}
    cells: list[CellRecord] = []
    for variant, (_, _, level) in variants.items():
        for seed in seeds:
            incident = (variant, seed) if incidents else None
            if incident == ("shape-only", 2):
                cells.append(failed(variant, seed))
            elif incident == ("frozen", 3):
                cells.append(diverged(variant, seed, level, splits))
            elif incident == ("bag", 4):
                cells.append(CellRecord(digest([variant, seed]), variant, seed, "planned"))
            else:
                cells.append(done(variant, seed, level, splits))
    variants = {
        variant: VariantRecord(
            variant, title, False, changes, settings(variant, changes), 59000 if variant != "bag" else 546
        )
        for variant, (title, changes, _) in variants.items()
    }
    return StudyRecord(
        name="spr-demo",
        main=next(iter(variants)),
        metric="hwa",
        metrics=METRICS,
        classes=("0", "1"),
        factors=("shape", "colour"),
        seeds=seeds,
        streams={"init": "varied", "order": "varied", "dropout": "varied", "split": "off", "sampling": "off"},
        splits=splits,
        variants=variants,
        cells=tuple(cells),
        claims=tuple(claims_document([parse_claim("main > bag by 0.05 on hwa")], registered=True)),
        notes=("No group column: rows are taken as independent.",),
        environment={
            "class": digest("environment")[:16],
            "python": "3.11.9",
            "platform": "Linux x86_64",
            "cpu_capability": "AVX512",
            "threads": 1,
            "packages": {"torch": "2.13.0", "numpy": "2.4.1"},
            "format_version": FORMAT_VERSION,
        },
        timing={"seconds": 181.2, "started": "2025-01-01T00:00:00Z"},
    )


def findings() -> tuple[Finding, ...]:
    """One of each status and severity, in no particular order."""
    return (
        Finding(
            code="train.nonfinite",
            status="absent",
            summary="No loss of main was non-finite in 5 of 5 cells.",
            threshold="any non-finite loss",
            where={"variant": "main"},
        ),
        Finding(
            code="train.overfit",
            status="present",
            severity="warning",
            summary="Dev loss turns up at epoch 9 (8 to 11 over 5 seeds) while train loss keeps falling; "
            "it ends 0.19 nats above its minimum (95 % interval 0.15 to 0.23).",
            threshold="dev loss at the end at least 0.05 nats above its minimum, interval above 0",
            where={"variant": "main"},
            evidence={
                "onset_epoch": {"mean": 9.2, "interval": [8.1, 10.9]},
                "rise": {"mean": 0.19, "interval": [0.15, 0.23], "unit": "nats"},
                "seeds": 5,
            },
            remedy=Advice(("Stop early: ", command("run", settings={"training.early_stopping.patience": 3}))),
            effect=Effect(0.8, 0.3, 1.4, "intervention", 5),
        ),
        Finding(
            code="seed.unstable",
            status="inconclusive",
            summary="The spread over 5 seeds (0.9 points) is too uncertain to rank bidirectional against main; "
            "20 seeds would settle it.",
            threshold="SD over seeds above half the smallest difference read",
            where={"metric": "hwa", "split": "test"},
            evidence={"sd": 0.009, "seeds": 5, "seeds_needed": 20},
        ),
        Finding(
            code="seed.collapse",
            status="present",
            severity="error",
            summary="1 of 5 seeds of frozen fell to the majority class (20 %, exact interval 1 % to 72 %).",
            threshold="a seed within 2 SE of the trivial score while another is more than 5 SE above it",
            where={"variant": "frozen", "seed": "3"},
            evidence={"collapsed": 1, "seeds": 5, "interval": [0.005, 0.716]},
            remedy=Advice(("Lower the learning rate: ", command("run", settings={"training.learning_rate": "5e-4"}))),
        ),
        Finding(
            code="eval.metric",
            status="absent",
            summary="hwa separates the model from the majority class by 28.1 points on test.",
            threshold="less than 2 points, or interval covers the majority",
        ),
        Finding(
            code="train.short",
            status="present",
            severity="info",
            summary="bag still improves at epoch 20: 0.6 points over the last 5 epochs.",
            threshold="improvement over the last quarter above 0.5 points",
            where={"variant": "bag"},
            evidence={"gain": 0.006, "seeds": 4},
            remedy=Advice(("Train longer: ", command("run", settings={"training.epochs": 40}))),
        ),
    )


TRIVIAL = {
    "majority class": ("majority", "", 0.503),
    "length": ("length", "", 0.561),
    "single position": ("position", "-7", 0.604),
    "bag of tokens": ("bag", "", 0.668),
    "bigrams": ("bigrams", "", 0.712),
}
BEST = "bigrams"


def audit(record: StudyRecord, *found: Finding) -> Audit:
    """An audit with trivial baselines in every metric of the record, the last of them the best."""

    def scores(level: float) -> Mapping[str, Mapping[str, Score]]:
        return {
            name: {metric: Score(level, (level - 0.03, level + 0.03), split.rows) for metric in record.metrics}
            for name, split in record.splits.items()
        }

    unseen = {name: split.rows - split.rows // 50 for name, split in record.splits.items() if name != "train"}
    members = tuple(
        TrivialBaseline(name, kind, detail, {"all": scores(level)}) for name, (kind, detail, level) in TRIVIAL.items()
    )
    return Audit(
        found, TrivialBaselines(members, {}, record.metrics, {n: s.rows for n, s in record.splits.items()}, unseen)
    )


def judged(claim: Claim, values: Mapping[int, float], rows: int) -> Judgement:
    """A judgement of differences by seed, their t interval standing in for the one that verdicts compute."""
    found = t_interval(list(values.values()))
    low, high = found.interval or (-1.0, 1.0)
    verdict = "supported" if low > claim.threshold else "refuted" if high < claim.threshold else "inconclusive"
    relation = "better" if low > 0 else "worse" if high < 0 else "open"
    one = replace(
        make_unmeasured(claim, "", True),
        verdict=verdict,
        relation=relation,
        estimate=found.mean,
        interval=(low, high),
        level=0.015,
        seeds=len(values),
        rows=rows,
        reasons=(),
        per_seed=dict(values),
        seeds_needed=(12, 20) if verdict == "inconclusive" else None,
    )
    return replace(one, sentence=sentence_of(one))


def numbers(record: StudyRecord) -> HeadlineNumbers | None:
    """What the headline of a record is decided on, from its scores and the baselines of `audit`."""
    rows = {name: split.rows for name, split in record.splits.items()}
    split = headline_split(rows)
    if split is None:
        return None

    def scored(name: str) -> dict[int, float]:
        done = [cell for cell in record.cells if cell.variant == record.main and cell.state == "done"]
        return {cell.seed: float(cell.scores[name]["best"][record.metric] or 0.0) for cell in done if cell.scores}

    here, trivial = scored(split), TRIVIAL[BEST][2]
    claims = default_claims(rows, {}, record.metric, record.main)
    against = claims[0]
    found = t_interval(list(here.values())) if here else None
    score = None
    if found is not None:
        values = tuple(here.values())
        score = ScoreEstimate(found.mean, found.interval, 0.95, "new-examples", len(here), rows[split], values)
    judgement = judged(against, {k: v - trivial for k, v in here.items()}, rows[split]) if here else None
    shifts = [claim for claim in claims if SPLIT_MARK in claim.arm + claim.other and here]
    there = {claim.split: scored(claim.split) for claim in shifts}
    losses = {name: {seed: at - here[seed] for seed, at in found.items()} for name, found in there.items()}
    return HeadlineNumbers(
        OnRows(split, rows[split], score, trivial, BEST, judgement),
        None,
        0,
        tuple(judged(claim, losses[claim.split], rows[claim.split]) for claim in shifts),
    )


def reading(record: StudyRecord | None = None, found: tuple[Finding, ...] | None = None, *about: Finding) -> StudyView:
    """The reading of a record with its audit (which found `about`), verdicts and headline."""
    record = example() if record is None else record
    record = replace(record, audit=audit(record, *about) if record.audit is None else record.audit)
    return make_reading(record, findings() if found is None else found, judgements(record), None, numbers(record))


def judgements(record: StudyRecord) -> tuple[Judgement, ...]:
    """Verdicts on the claims on record that name two variants."""
    done = {name: {c.seed: c for c in record.cells if c.variant == name and c.scores} for name in record.variants}
    found: list[Judgement] = []
    for one in record.claims:
        if not isinstance(one.get("threshold"), float) or not {one["arm"], one["other"]} <= set(record.variants):
            continue
        claim = parse_claim(str(one["claim"]), "claims")
        left, right = done[claim.arm], done[claim.other]

        def score(cell: CellRecord, claim: Claim = claim) -> float:
            return float(cell.scores[claim.split]["best"][claim.metric] or 0.0)

        values = {seed: score(left[seed]) - score(right[seed]) for seed in left if seed in right}
        if values:
            found.append(judged(claim, values, record.splits[claim.split].rows))
    return tuple(found)
