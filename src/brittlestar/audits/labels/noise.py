"""Check `label.noise`: labels that the rest of the data contradicts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.labels.doubted import add_doubted, say_open
from brittlestar.audits.labels.label_model import (
    LARGEST_P,
    LEARNED_SKILL,
    Errors,
    LabelModel,
    TurnedLabels,
    errs_in_every_class,
    leading_pair,
)
from brittlestar.audits.labels.near_chance import LEAST_NEAR_CHANCE, find_bad_slice, marker_broke, told_apart
from brittlestar.audits.labels.slices import GROUP, LOOKS_LIKE, Slices, slices_of, with_answers
from brittlestar.audits.showing import Ceiling, ceiling_of_noise, percent, show_rows
from brittlestar.core.checks import Observed
from brittlestar.core.splits import is_shifted

FEWEST_LOOKED = 20
ROWS_THAT_WOULD_DO = 100
LEAST_RATE = 0.01
LEAST_IN_SLICE = 0.05
TIMES_REST = 3.0
LEAST_APART = 0.75
"""Conventions: rows below which nothing is said, and rows that would do; rates that matter in a split and in a slice;
how far a slice exceeds the rest; and the area from which inputs differ."""
FLAT = 0.5
LEAST_FLOOR, MOST_FLOOR = 0.0075, 0.015
"""Conventions: the share of all errors that stays among the surest rows if labels make them, the noise that is told and
that is neglected."""


@data_check(
    "label.noise",
    "Labels of 1 % of a split (5 % of a slice) contradict shallow models beyond train's, or a slice is near "
    "chance. Noise that is everywhere is info.",
    remedy="Read the rows listed, correct or remove them, audit again, and report the ceiling beside the score.",
)
def noise(analysis: Analysis) -> Iterator[Observed]:
    """Labels that the rest of the data contradicts.

    **What it means.** No model can be right on a label that was turned over, except by accident. In train it costs
    ability; in dev and test it lowers every score, and where it sits in one slice that slice says nothing.

    **How it is decided.** Shallow models (naive Bayes on tokens, neighbours, places and factors; a decision tree)
    answer every row out of fold, by sequence and group. Where the best is sure and the label is another, the label is
    in doubt (confident learning; Northcutt, Jiang and Chuang 2021). (1) A split, or a slice of it, contradicts the
    model more often than the same rows of train do: of the same answer, confidence and length, and of the same label.
    (2) A slice is near chance while the model learned what lies outside, and its labels, not its difficulty, are to
    blame: they contradict beyond chance, or follow, a model of the other rows (Cohen's kappa). (3) Errors are as many
    where the model is surest as elsewhere, in every class or of one pair: noise that is everywhere bounds every score.
    The rows most in doubt to the best trivial baseline and the linear one are listed, whatever that says.

    **What it cannot see.** Noise in a task that shallow models are not shown to learn (parity): `inconclusive`, as
    where inputs differ too (an area of 0.75), or the most telling token has changed. A slice in which all labels are
    turned over in all splits is a rule like any other. In a declared shift, contradictions may be the shift.
    """
    models = analysis.shallow
    if models is None:
        yield unknown("Train has no two classes of at least 10 rows: there is nothing to learn labels from.")
        return
    reading = LabelModel.of(models)
    names = [analysis.labels[label] for label in models.pool.classes.tolist()]
    slices = with_answers(slices_of(models.pool, models.alphabets, analysis.groups), models.best.predicted, names)
    look = _NoiseInput(analysis, reading, slices, names)
    apart = {name: _find_near_chance(look, name, GROUP) or _contradict_train(look, name) for name in analysis.splits}
    together = [name for name, found in apart.items() if found is None and not is_shifted(name)]
    for name, found in apart.items():
        looked = int((models.pool.of(name) & models.pool.usable).sum())
        if found is None and looked < FEWEST_LOOKED:
            sentence = f"{name}: {looked:,} rows say something about labels ({look.kept})"
            found = unknown(f"{sentence}; {ROWS_THAT_WOULD_DO} would do.", {"split": name}, look.describe(name))
        found = found or _find_near_chance(look, name) or _judge_everywhere(look, name, together)
        yield add_doubted(analysis, models, found)


@dataclass(frozen=True)
class _NoiseInput:
    """What every split is looked at with; `classes` are the names of the models' classes."""

    analysis: Analysis
    reading: LabelModel
    slices: Slices
    classes: list[str]

    @property
    def kept(self) -> str:
        """Which rows are looked at, for sentences that count them."""
        drawn = "" if self.reading.models.pool.whole else "drawn at random, "
        return f"{drawn}one of each sequence, tokens known to train"

    def describe(self, split: str) -> dict[str, Any]:
        """The models and their errors, as evidence."""
        models, pool = self.reading.models, self.reading.models.pool
        known = pool.of(split) & pool.usable
        return {
            "model": models.best.model,
            "error_out_of_fold": models.error,
            "error_of_majority": models.chance_error,
            "errors_of_models": dict(models.errors),
            "looked_at": int(known.sum()),
            "contradicted": int((known & self.reading.error).sum()),
            "all_rows_looked_at": pool.whole,
        }

    def list_doubted(
        self, name: str, rows: np.ndarray, pair: tuple[int, int] | None, many: float = np.inf
    ) -> dict[str, Any]:
        """Evidence: as many of `rows` bool (n_rows,), all of one split and in doubt, as labels are turned over there,
        those that the model is surest of first; of one `pair` of answer and label, where that is given."""
        labels = self.reading.models.pool.rows.labels
        doubted = rows & (labels >= 0)
        if pair is not None:
            doubted &= (self.reading.predicted == pair[0]) & (labels == pair[1])
        found = np.flatnonzero(doubted)
        order = np.argsort(-self.reading.rank[found], kind="stable")[: round(min(many, len(found)))]
        positions = self.reading.models.pool.position[found[order]]
        return {"suspected": len(positions), **show_rows(self.analysis.splits[name], positions)}


def _begin(where: dict[str, str]) -> str:
    return f"{where['split']}, rows with {where['slice']}" if "slice" in where else where["split"]


def _choose_place(
    look: _NoiseInput, name: str, reference: np.ndarray
) -> tuple[dict[str, str], np.ndarray, TurnedLabels] | None:
    """Where the rows of a split contradict the model more often than the reference, bool (n_rows,): in the split, or in
    one slice of it; with the rows inside, and the contrast there. None where they do not."""
    reading, mine = look.reading, look.reading.models.pool.of(name)
    whole, everywhere = reading.contrast(mine, reference), np.ones_like(mine)
    general = whole.rate >= LEAST_RATE and whole.p < LARGEST_P
    worst = reading.worst_slice(look.slices, mine, reference)
    if worst is not None and worst[1].rate >= LEAST_IN_SLICE and worst[1].p < LARGEST_P:
        inside, found = look.slices.rows(worst[0]), worst[1]
        rest = reading.contrast(mine & ~inside, reference & ~inside)
        if not general or (rest.high < found.low and rest.rate <= found.rate / TIMES_REST):  # else it is everywhere
            return {"split": name, "slice": look.slices.names[worst[0]]}, inside, found
    return ({"split": name}, everywhere, whole) if general else None


def _contradict_train(look: _NoiseInput, name: str) -> Observed | None:
    """Whether the split, or a slice of it, contradicts the model more often than train (train: than the others)."""
    reading, pool = look.reading, look.reading.models.pool
    mine, train = pool.of(name), pool.of("train")
    reference = ~pool.shifted & ~train if name == "train" else train
    place = _choose_place(look, name, reference)
    if place is None:
        return None
    where, inside, found = place
    sentence = f"{_begin(where)}: {found.errors:,} of {found.of:,} rows ({look.kept}) contradict the shallow "
    sentence += f"model ({reading.models.best.model}"
    test = "hypergeometric within answers and confidence, and within labels; the larger p"
    counted = {"contradicted": found.errors, "of": found.of, "expected": found.expected, "test": test}
    evidence = {**look.describe(name), "against": counted}
    if other := _other_cause(look, name, inside, found):
        summary = (
            f"{sentence}), {found.expected:.0f} are expected from train; but {other}. Labels read by hand settle it"
        )
        return unknown(summary, where, evidence)
    rows = mine & inside
    pair = reading.leading_pair(rows, reference) if where.get("slice", LOOKS_LIKE).startswith(LOOKS_LIKE) else None
    if pair is not None:
        where = {"split": name, "class": _name_pair(look, pair)}
    share = float(rows.sum() / mine.sum())
    ceiling = Ceiling(1 - share * found.high, 1 - share * found.low, "label noise")  # of models that follow train
    sentence += (
        f", {percent(reading.models.error)} wrong out of fold); rows of the same answer, "
        f"confidence and length in {'the evaluation splits' if name == 'train' else 'train'} lead to expect "
        f"{found.expected:.1f}. About {percent(found.rate)} of these labels (95 % interval {percent(found.low)} to "
        f"{percent(found.high)}) are turned over"
    )
    sentence += f"; no model of train's rule can be expected above {ceiling} on {name}" if name != "train" else ""
    sentence += f"; most of them are rows that look like {where['class']}" if pair is not None else ""
    evidence |= {
        "rate": {"share": found.rate, "low": found.low, "high": found.high, "of_split": share},
        "ceiling": ceiling.as_json(),
        "p": found.p,
        **look.list_doubted(
            name, rows & reading.error, pair, np.inf if pair is not None else found.rate * float(rows.sum())
        ),
    }
    return observe(sentence, "warning", where, evidence)


def _name_pair(look: _NoiseInput, pair: tuple[int, int]) -> str:
    return f"{look.classes[pair[0]]} labelled {look.classes[pair[1]]}"


def _other_cause(look: _NoiseInput, name: str, inside: np.ndarray, found: TurnedLabels) -> str:
    """What explains contradictions of an evaluation split as well as wrong labels would, or an empty text."""
    models = look.reading.models
    mine, train = models.pool.of(name) & models.pool.usable, models.pool.usable & models.pool.of("train")
    if name == "train":
        return ""
    if is_shifted(name):
        return "the declared shift explains that as well"
    if not inside.all() and look.reading.error[train & inside].mean() >= LEAST_NEAR_CHANCE:
        return "train's own labels are noise there, so that nothing was learned to hold these labels against"
    apart = told_apart(models.pool, models.alphabets[0], mine, train)
    if apart >= LEAST_APART:
        return f"its inputs differ too (told from train's with an area under the curve of {apart:.2f}; see shift.*)"
    if marker_broke(models, mine & inside, train, found):
        return "a model that does not see the most telling token finds less than half of them: this token changed"
    return ""


def _find_near_chance(look: _NoiseInput, name: str, kind: str = "") -> Observed | None:
    """A slice of the split, of one kind if named, near chance for the model, which learned the rest of the split."""
    pool, model = look.reading.models.pool, look.reading.models.best.model
    mine = pool.of(name)
    bad = None if is_shifted(name) else find_bad_slice(look.reading, look.slices, mine & pool.usable, kind)
    if bad is None:
        return None
    where = {"split": name, "slice": bad.name}
    wrong, of = mine & bad.wrong, int(mine.sum())
    many = int((mine & look.slices.rows(look.slices.names.index(bad.name))).sum())
    evidence: dict[str, Any] = {
        **look.describe(name),
        "inside": {"error": bad.error, "of": bad.of},
        "outside": {"error": bad.outside, "of": bad.outside_of},
        "p": bad.p,
        "agreement": bad.kappa,
        "agreement_z": bad.z,
    }
    sentence = (
        f"{_begin(where)}: the shallow model ({model}) is wrong on {percent(bad.error)} of {bad.of:,} such rows "
        f"({look.kept}), and on {percent(bad.outside)} of the {bad.outside_of:,} others"
    )
    if not bad.blamed:
        summary = (
            f"{sentence}. They may be hard for these models, or labelled wrongly: a model that learns the rest of the "
            "slice, or labels checked by hand, would settle it."
        )
        return unknown(summary, where, evidence)
    summary = (
        f"{sentence}; no model of such rows alone does better. Their labels are close to random ({many:,} of {of:,} "
        f"rows of {name}, {int(wrong.sum()):,} of them contradicted)."
    )
    ceiling = ceiling_of_noise(max(bad.error - bad.outside, 0.0), bad.error, many / of)
    evidence |= {"ceiling": ceiling.as_json(), **look.list_doubted(name, wrong, None)}
    return observe(summary, "warning", where, evidence)


def _judge_everywhere(look: _NoiseInput, name: str, together: list[str]) -> Observed:
    """What the errors of sure answers over the splits `together` say of a split that nothing sets apart."""
    reading, models = look.reading, look.reading.models
    found = Errors.of_splits(reading, together)
    evidence: dict[str, Any] = {
        **look.describe(name),
        "over": together,
        "all": {"error": found.share, "of": found.of},
        "surest": {"error": found.sure_share, "of": found.sure_of},
    }
    sentence = (
        f"{name}: nothing sets its labels apart; over {' + '.join(together) or 'no split'} the best shallow model "
        f"({models.best.model}) is wrong on {percent(found.share)} of {found.of:,} rows ({look.kept}) out of fold "
        f"(naming the largest class: {percent(models.chance_error)}) and on {percent(found.sure_share)} of the "
        f"{found.sure_of:,} that it is surest of"
    )
    flat = found.sure_share >= FLAT * found.share and found.low >= LEAST_FLOOR
    told = found.skill >= LEARNED_SKILL and flat and not is_shifted(name)
    even = told and errs_in_every_class(reading, found.sure, found.sure_share)
    pair = leading_pair(reading.joint(found.sure)) if told and not even and models.pool.n_classes > 2 else None
    if even or pair is not None:
        return _report_everywhere(look, found, pair, observe(sentence, "info", {"split": name}, evidence))
    evidence["at_most"] = found.most
    if found.most < MOST_FLOOR:
        sentence += f": at most {percent(found.most)} of labels are noise that is the same everywhere"
        return observe(sentence, None, {"split": name}, evidence)
    return unknown(f"{sentence}. {say_open(models, found.most)}", {"split": name}, evidence)


def _report_everywhere(look: _NoiseInput, found: Errors, pair: tuple[int, int] | None, result: Observed) -> Observed:
    """Noise that is in all splits alike, of one pair of classes where that is given."""
    name, ceiling = result.where["split"], ceiling_of_noise(found.low, found.high)
    mine = look.reading.models.pool.of(name)
    sentence = (
        f"{result.sentence}: as errors do not fall with confidence, {percent(found.low)} to {percent(found.high)} of "
        f"labels are noise, alike in these splits, and no model can be expected above {ceiling}, unless the rule has a "
        "part that shallow models cannot learn (a parity, say): a trained model that scores more would show that"
    )
    where = dict(result.where)
    if pair is not None:
        where["class"] = _name_pair(look, pair)
        sentence += f". Most of them are rows that look like {where['class']}"
    evidence = {
        **result.evidence,
        "rate": {"low": found.low, "high": found.high},
        "ceiling": ceiling.as_json(),
        **look.list_doubted(name, mine & look.reading.error, pair, found.sure_share * float(mine.sum())),
    }
    return replace(result, sentence=sentence, where=where, evidence=evidence)
