"""Finding `label.noise`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from brittlestar.audits.labels.ceiling import ceiling_of_noise
from brittlestar.audits.labels.cheap import CheapModels
from brittlestar.audits.labels.contrast import Contrast
from brittlestar.audits.labels.patterns import (
    LEARNED,
    LEAST_NEAR_CHANCE,
    PAIR_LEARNED,
    TIMES_OUTSIDE,
    Bad,
    Floor,
    bad_slice,
    excess_pair,
    floor,
)
from brittlestar.audits.labels.reading import Reading
from brittlestar.audits.labels.slices import LOOKS_LIKE, Slices, slices_of, with_answers
from brittlestar.audits.labels.suspects import contradicting, suspected
from brittlestar.audits.material import Material
from brittlestar.audits.showing import MOST_IDS, listed_ids, percent
from brittlestar.core.findings import Finding, Severity

CODE = "label.noise"
LEAST_RATE = 0.01
LEAST_IN_SLICE = 0.05
LEAST_FLOOR = 0.0075
MOST_FLOOR = 0.015
SMALL_ERROR = 0.1
LARGEST_P = 1e-4
SERIOUS = 0.05
MOST_OUTSIDE = 0.03
MOST_CONTRADICTED = 0.75
LEAST_OF_SLICE = 0.4
FEWEST_LOOKED = 20
FEWEST_ROWS = 100
THRESHOLD = (
    "Labels of one split contradict the models in at least 1 % of its rows (5 % of a slice's rows) more than labels of "
    "train do for rows of the same label, confidence and length (p below 1 in 10,000, slices counted); or a slice's "
    "errors are near chance and flat while models learned the rest: warnings, an error where at least 5 % of an "
    "evaluation split is affected. Errors that are as many where models are surest, at least 0.75 %, on a task they "
    "learned (half of the majority class's errors avoided; 70 % where one class pair has the errors), the same in all "
    "splits: for information."
)


def check(material: Material) -> Iterator[Finding]:
    """Labels that the rest of the data contradicts.

    **What it means.** No model can be right on a label that was turned over, except by accident. In train it costs
    ability; in dev and test it lowers every score, and where it sits in one slice the score of that slice says nothing
    about generalisation.

    **How it is decided.** Cheap models (naive Bayes on tokens, neighbours, places and factors; softmax regression on
    token shares; a decision tree on copies, places, order, variety and length) answer every row of every split; none
    has learned from the row's own sequence or group. The best out of fold reads the labels, in three ways.
    (1) *Against train*: a split in which labels were turned over contradicts the model more often than train does,
    for rows of the same label, confidence and length; so does a slice of it (length, number of distinct tokens or
    factor values, first and last token, tokens, factor values, group). Rows are dealt at random under the null
    hypothesis, which makes the test exact however weak the model. Only one row of each sequence counts, and only rows
    whose tokens the model knows.
    (2) *Within all splits*: a slice whose errors are near chance and depend on nothing else (confidence, any other
    slice), while the model learned what lies outside.
    (3) *Everywhere*: mistakes of a model that lacks something sit where it is unsure; labels turned over at random are
    as many where it is surest. The rate lies between what the surest quarter of its answers shows and the errors of
    all (after Northcutt et al. 2021, who separate the two by confidence). Such noise is a property of the task and
    bounds every score: it is for information.
    Where predictions of trained models are given, slices of evaluation splits are read with them as well.

    **Thresholds.** As printed with each finding.

    **What it cannot see.** Noise in a task that cheap models do not learn (parity, say): `inconclusive`. A slice in
    which all labels are turned over in all splits is a rule like any other. A rule that holds with exceptions which no
    cheap model understands looks like noise. In a declared shift, contradictions may be the shift.

    **What to do.** Read the rows listed, correct or remove them, and report the ceiling beside the score.
    """
    models = material.cheap
    if models is None:
        summary = "Train has no two classes of at least 10 rows: there is nothing to learn labels from."
        yield Finding(CODE, "inconclusive", summary, THRESHOLD)
        return
    yield from _Noise(material, models).findings()


class _Noise:
    """One look at all splits."""

    def __init__(self, material: Material, models: CheapModels) -> None:
        self.material, self.models, self.pool = material, models, models.pool
        self.reading = Reading.of(models)
        self.slices: Slices = slices_of(self.pool, models.alphabets)
        names = [material.labels[label] for label in self.pool.classes.tolist()]
        self.with_answers = with_answers(self.slices, models.answers[models.best].predicted, names)
        self.dealt = ~self.pool.declared[self.pool.split]
        everything = self.pool.usable & self.dealt
        self.train = self.pool.of("train")
        self.found = {name: self._against(name) for name in material.splits}
        self.together = [n for n, f in self.found.items() if f is None and not n.startswith("shift")]
        everything = self.pool.usable & np.isin(self.pool.split, [self.pool.splits.index(n) for n in self.together])
        self.floor: Floor = floor(self.reading, everything)
        self.bad: Bad | None = bad_slice(self.reading, self.slices, everything)

    def findings(self) -> Iterator[Finding]:
        """One finding for every split."""
        for name in self.material.splits:
            mine = self.pool.of(name)
            found = self.found[name] or self._scarce(name, mine) or self._predicted(name, mine)
            yield found or self._within(name, mine) or self._everywhere(name, mine)

    def _scarce(self, name: str, mine: np.ndarray) -> Finding | None:
        looked = int((mine & self.pool.usable).sum())
        if looked >= FEWEST_LOOKED:
            return None
        summary = (
            f"{name}: {looked:,} rows say something about labels (one of each sequence, tokens known to train); "
            f"{FEWEST_ROWS} would do."
        )
        evidence = {"looked_at": looked, "all_rows_looked_at": self.pool.whole}
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where={"split": name}, evidence=evidence)

    def _evidence(self, mine: np.ndarray) -> dict[str, Any]:
        models, known = self.models, mine & self.pool.usable
        return {
            "model": models.answers[models.best].model,
            "error_out_of_fold": models.errors[models.best],
            "error_of_majority": models.chance_error,
            "errors_of_models": {one.model: error for one, error in zip(models.answers, models.errors, strict=True)},
            "looked_at": int(known.sum()),
            "contradicted": int((known & self.reading.error).sum()),
            "all_rows_looked_at": self.pool.whole,
        }

    def _named(self, pair: tuple[int, int]) -> str:
        answer, label = (self.material.labels[self.pool.classes[k]] for k in pair)
        return f"{answer} labelled {label}"

    def _rows(
        self,
        name: str,
        mine: np.ndarray,
        rate: float,
        reference: np.ndarray | None = None,
        pair: tuple[int, int] | None = None,
    ) -> dict[str, Any]:
        """Rows that are more likely turned over than mistaken by the model, those it is surest of first."""
        return self._listed(name, suspected(self.reading, mine, rate, reference, pair))

    def _listed(self, name: str, found: np.ndarray) -> dict[str, Any]:
        positions, rows = self.pool.position[found], self.material.splits[name]
        ids = rows.ids.gather(positions).to_list() if len(positions) <= MOST_IDS else None
        return {"suspected": len(positions), "rows": listed_ids(rows, positions), "row_ids": ids}

    def _against(self, name: str) -> Finding | None:
        """The split contradicts models more often than train (train: than the others) does."""
        mine = self.pool.of(name)
        reference = self.dealt & ~self.train if name == "train" else self.train
        overall = self.reading.contrast(mine, reference)
        worst = self.reading.worst_slice(self.with_answers, mine, reference)
        sliced = worst is not None and worst[1].rate >= LEAST_IN_SLICE and worst[1].p < LARGEST_P
        general = overall.rate >= LEAST_RATE and overall.p < LARGEST_P
        if not sliced and not general:
            return None
        where, rows, found = {"split": name}, mine, overall
        if worst is not None and sliced:
            inside = self.with_answers.rows(worst[0])
            rest = self.reading.contrast(mine & ~inside, reference & ~inside)
            if not general or (rest.high < worst[1].low and rest.rate <= worst[1].rate / 3):
                where["slice"] = self.with_answers.names[worst[0]]
                rows, found = mine & inside, worst[1]
                if name != "train" and self._noisy_in_train(inside):
                    return self._because_of_train(mine, where, found)
        pair = None
        if where.get("slice", LOOKS_LIKE).startswith(LOOKS_LIKE):
            pair = excess_pair(self.reading, rows, reference)
        if pair:
            where.pop("slice", None)
            where["class"] = self._named(pair)
        share = float(rows.sum() / max(mine.sum(), 1))
        if name.startswith("shift"):
            summary = (
                f"{_place(where)}: {_counts(found)} contradict the cheap model, {found.expected:.0f} are expected from "
                "train; the declared shift explains that as well as wrong labels would. Labels read by hand would tell."
            )
            evidence = {**self._evidence(mine), "against": _json(found)}
            return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence)
        ceiling = ceiling_of_noise(found.low, found.high, share)
        other = "the evaluation splits" if name == "train" else "train"
        summary = (
            f"{_place(where)}: {_counts(found)} contradict the cheap model ({self.models.answers[self.models.best].model}"
            f", {percent(self.models.errors[self.models.best])} wrong out of fold); rows of the same label, confidence "
            f"and length in {other} give {found.expected:.1f}. About {percent(found.rate)} of these labels (95 % "
            f"interval {percent(found.low)} to {percent(found.high)}) are turned over"
        )
        if name != "train":
            summary += f"; no model can be expected above {ceiling} on {name}"
        if pair:
            summary += f"; most of them are rows that look like {where['class']}"
        severity: Severity = "error" if name != "train" and found.rate * share >= SERIOUS else "warning"
        evidence = {
            **self._evidence(mine),
            "rate": {"share": found.rate, "low": found.low, "high": found.high, "of_split": share},
            "against": _json(found),
            "ceiling": ceiling.as_json(),
            "p": found.p,
            **self._rows(name, rows, found.rate, reference, pair),
        }
        return Finding(CODE, "present", f"{summary}.", THRESHOLD, severity, where, evidence, REMEDY)

    def _noisy_in_train(self, inside: np.ndarray) -> bool:
        """Whether train's own labels in the slice teach nothing while those outside are learned."""
        known = self.train & self.pool.usable
        here, there = self.reading.error[known & inside], self.reading.error[known & ~inside]
        least = max(LEAST_NEAR_CHANCE, TIMES_OUTSIDE * float(there.mean()) if len(there) else 1.0)
        return bool(len(here) and here.mean() >= least)

    def _because_of_train(self, mine: np.ndarray, where: dict[str, str], found: Contrast) -> Finding:
        summary = (
            f"{_place(where)}: {_counts(found)} contradict the cheap model, but train's own labels are noise there: it "
            "has learned nothing that these labels could be held against. Correct train, then audit again."
        )
        evidence = {**self._evidence(mine), "against": _json(found)}
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence)

    def _within(self, name: str, mine: np.ndarray) -> Finding | None:
        """A slice near chance in all splits while models learned the rest."""
        if self.bad is None or name.startswith("shift"):
            return None
        return self._slice(name, mine, self.bad, f"the cheap model ({self.models.answers[self.models.best].model})", {})

    def _slice(self, name: str, mine: np.ndarray, bad: Bad, who: str, further: dict[str, Any]) -> Finding | None:
        inside = mine & self.slices.rows(bad.which) & (self.pool.rows.labels >= 0)
        share = float(inside.sum() / max(mine.sum(), 1))
        if not share or not bad.flat or bad.own_rule or bad.p >= LARGEST_P:
            return None
        if not bad.near_chance and bad.outside > MOST_OUTSIDE:
            return None
        wrong = self._wrong(bad, inside)
        rate = float(wrong[inside].mean())
        if rate < LEAST_OF_SLICE * bad.error:  # the slice is noise in other splits
            return None
        where = {"split": name, "slice": self.slices.names[bad.which]}
        amount = "Their labels are close to random" if bad.near_chance else "Part of their labels are noise"
        ceiling = ceiling_of_noise(max(bad.error - bad.outside, 0.0), bad.error, share)
        summary = (
            f"{_place(where)}: {who} is wrong on {percent(bad.error)} of {bad.of:,} such rows, and on "
            f"{percent(bad.outside)} of the {bad.outside_of:,} others; its errors there depend on nothing else, and no "
            f"model of these rows alone does better. {amount} ({int(inside.sum()):,} of {int(mine.sum()):,} rows of "
            f"{name}, {int(wrong.sum()):,} of them contradicted)"
        )
        severity: Severity = "error" if name != "train" and rate * share >= SERIOUS else "warning"
        if not bad.near_chance:
            severity = "info"
        found = np.flatnonzero(wrong)
        evidence = {
            **self._evidence(mine),
            "inside": {"error": bad.error, "of": bad.of, "skill": bad.skill},
            "outside": {"error": bad.outside, "of": bad.outside_of},
            "ceiling": ceiling.as_json(),
            "p": bad.p,
            **further,
            **self._listed(name, found[np.argsort(-self.reading.rank[found], kind="stable")]),
        }
        return Finding(CODE, "present", f"{summary}.", THRESHOLD, severity, where, evidence, REMEDY)

    def _wrong(self, bad: Bad, inside: np.ndarray) -> np.ndarray:
        """bool (n_rows,): rows of the slice `inside` whose labels are most likely noise. Where labels are close to
        random they taught the model nothing or the opposite, so that a model of the other rows is asked, if it says
        anything about the slice."""
        wrong = np.zeros(self.pool.rows.n_rows, np.bool_)
        if bad.near_chance:
            outside = contradicting(self.models, self.slices.rows(bad.which))
            known = self.pool.usable & self.slices.rows(bad.which)
            if outside[known].mean() <= MOST_CONTRADICTED or (outside & inside).sum() <= 0.5 * inside.sum():
                return outside & inside
        wrong[suspected(self.reading, inside, bad.error)] = True
        return wrong

    def _predicted(self, name: str, mine: np.ndarray) -> Finding | None:
        """A slice near chance for every model that predicted this split."""
        given = {arm: splits[name] for arm, splits in (self.material.predictions or {}).items() if name in splits}
        n_rows = self.material.splits[name].n_rows
        fitting = [p.argmax(axis=1) for p in given.values() if p.ndim == 2 and len(p) == n_rows and p.shape[1]]
        if not fitting or name == "train" or name.startswith("shift"):
            return None
        labels = self.material.splits[name].labels
        wrong = np.stack([answers != labels for answers in fitting]).mean(axis=0) >= 0.5
        error = np.zeros(self.pool.rows.n_rows, np.bool_)
        error[mine] = wrong[self.pool.position[mine]]
        rows = mine & (self.pool.rows.labels >= 0)
        bad = bad_slice(self.reading, self.slices, rows, error)
        if bad is None:
            return None
        inside = self.slices.rows(bad.which)
        here, there = inside[mine].mean(), inside[self.pool.of("train")].mean()
        if here > 2 * there:  # train hardly shows such rows: models may have had no chance to learn them
            return None
        who = f"the {len(fitting)} models that predicted it" if len(fitting) > 1 else "the model that predicted it"
        return self._slice(name, mine, bad, who, {"arms": list(given)})

    def _everywhere(self, name: str, mine: np.ndarray) -> Finding:
        """Noise that is the same everywhere, or none, or no way to tell."""
        seen, where = self.floor, {"split": name}
        evidence = self._evidence(mine) | {
            "over": self.together,
            "all": {"error": seen.error, "of": seen.of},
            "surest": {"error": seen.surest_error, "of": seen.surest_of},
        }
        model = self.models.answers[self.models.best].model
        story = (
            f"{name}: nothing sets its labels apart; over {' + '.join(self.together)} the best cheap model ({model}) is wrong on "
            f"{percent(seen.error)} of {seen.of:,} rows out of fold (naming the largest class: "
            f"{percent(self.models.chance_error)}) and on {percent(seen.surest_error)} of the {seen.surest_of:,} that "
            "it is surest of"
        )
        needed = PAIR_LEARNED if seen.pair else LEARNED
        even = seen.flat and (seen.balanced or seen.pair is not None)
        if seen.skill >= needed and even and seen.low >= LEAST_FLOOR and not name.startswith("shift"):
            ceiling = ceiling_of_noise(seen.low, seen.high)
            evidence |= {"rate": {"low": seen.low, "high": seen.high}, "ceiling": ceiling.as_json()}
            summary = (
                f"{story}: as errors do not fall with confidence, {percent(seen.low)} to {percent(seen.high)} of "
                f"labels are noise, alike in these splits, and no model can be expected above {ceiling}"
            )
            if seen.pair:
                where["class"] = self._named(seen.pair)
                summary += f"; {percent(seen.pair_rate)} of rows that look like the first are {where['class']}"
                evidence["pair"] = {"which": where["class"], "share": seen.pair_rate}
            rate = seen.pair_rate if seen.pair else seen.surest_error
            evidence |= self._rows(name, mine, rate, None, seen.pair)
            return Finding(CODE, "present", f"{summary}.", THRESHOLD, "info", where, evidence, REMEDY)
        evidence |= {"at_most": min(seen.high, seen.upper) if seen.skill >= LEARNED else seen.high}
        if seen.high < MOST_FLOOR or (seen.error <= SMALL_ERROR and seen.upper < MOST_FLOOR):
            summary = (
                f"{story}: at most {percent(evidence['at_most'])} of labels are noise that is the same everywhere."
            )
            return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
        if seen.skill < LEARNED:
            summary = (
                f"{story}. Cheap models do not learn this task, so its noise cannot be told from its difficulty; "
                "predictions of trained models would help."
            )
        else:
            summary = (
                f"{story}. That is too many for a task free of noise and too uneven for noise: at most "
                f"{percent(seen.high)} of labels are wrong. More rows, or predictions of trained models, would tell."
            )
            if seen.pair:
                summary += f" Most errors are rows that look like {self._named(seen.pair)}."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence)


REMEDY = "Read the rows listed, correct or remove them, audit again, and report the ceiling beside the score."


def _place(where: dict[str, str]) -> str:
    return f"{where['split']}, rows with {where['slice']}" if "slice" in where else where["split"]


def _counts(found: Contrast) -> str:
    return f"{found.errors:,} of {found.of:,} rows"


def _json(found: Contrast) -> dict[str, Any]:
    return {
        "contradicted": found.errors,
        "of": found.of,
        "expected": found.expected,
        "test": "hypergeometric by strata",
    }
