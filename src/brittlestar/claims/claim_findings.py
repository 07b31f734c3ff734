"""Findings about what is claimed. A check yields what it can tell of each claim; its docstring is its code's page."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import choose_judgement, verdict_words
from brittlestar.claims.slices import SliceScore
from brittlestar.claims.stated_scores import StatedScoreCheck
from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.checks import NONE, Check, CheckRule, Observed, Role, declare_check
from brittlestar.core.results import DEFAULTS, StudyRecord, VariantRecord
from brittlestar.diagnosis.variant_runs import advise_seeds
from brittlestar.study.claims import UNSEEN, format_claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import arms_of, splits_of
from brittlestar.study.units import about, unit_of


@dataclass(frozen=True)
class JudgedStudy:
    """A study and its verdicts. `comparisons[variant]` is that of its runs with the best trivial baseline; `stated` is
    where a stated score stands among the runs, None where nobody states one; `slices` are main's on the headline split,
    by column."""

    record: StudyRecord
    verdicts: Sequence[Judgement]
    comparisons: Mapping[str, Judgement]
    stated: StatedScoreCheck | None = None
    slices: Mapping[str, Sequence[SliceScore]] = field(default_factory=dict[str, Sequence[SliceScore]])

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The verdicts on claims whose splits are all there."""
        return tuple(
            verdict
            for verdict in self.verdicts
            if {
                split.removesuffix(UNSEEN)
                for split in (verdict.claim.split, *splits_of(verdict.claim.arm, verdict.claim.other))
            }
            <= self.record.splits.keys()
        )


def claim_check(
    code: str, threshold: str, role: Role = NONE
) -> Callable[[Callable[[JudgedStudy], Iterator[Observed]]], Check]:
    """A check of claims from what tells about a judged study; `role` is as in `Check`."""

    def make(tell: Callable[[JudgedStudy], Iterator[Observed]]) -> Check:
        return declare_check(CheckRule(code=code, threshold=threshold), tell, tell, needs="claims", role=role)

    return make


@claim_check(
    "claim.underpowered",
    "A registered claim is inconclusive, and the distance from its threshold that this many seeds and rows find with "
    "80 % power is larger than its margin.",
)
def claim_underpowered(judged: JudgedStudy) -> Iterator[Observed]:
    """A claim stays open because the study could not have seen the difference it is about.

    **What it means.** An inconclusive verdict of such a study is no evidence of absence: the same would have come out
    had the claim been true by its margin.

    **How it is decided.** Per registered claim, the true distance from the threshold that so many seeds and rows find
    with 80 % power (one-sided at the level of the look; from the standard error and degrees of freedom of its
    interval) is held against the margin of the claim, which is its threshold, or a point where that is 0 or below.

    **Thresholds.** Present: the verdict is inconclusive and that distance is larger than the margin. Absent: there is a
    verdict, or the distance is within the margin. Inconclusive: fewer than two seeds, from which no spread is known.

    **What it cannot see.** A standard deviation from five seeds is uncertain itself: the true one is up to 1.56 times
    as large in one study of five. Collapsed runs make a spread that no t interval describes.

    **What to do.** More seeds or more rows, as many as the finding names, or a claim with a larger margin in the next
    study. Severity: info.
    """
    for judgement in judged.judgements:
        if judgement.registered and not list_crossed_streams(judged.record):
            yield _tell_power(judged.record, judgement)


def _tell_power(record: StudyRecord, judgement: Judgement) -> Observed:
    claim, where = (
        format_claim(judgement.claim),
        {"claim": format_claim(judgement.claim), "split": judgement.claim.split},
    )
    seen, margin = judgement.smallest_detectable, judgement.claim.margin
    low, high = judgement.seeds_needed or (None, None)
    evidence = {
        "smallest_detectable": seen,
        "margin": margin,
        "seeds": judgement.seeds,
        "rows": judgement.rows,
        "seeds_needed": {"low": low, "high": high},
        "rows_needed": judgement.rows_needed,
    }
    if choose_judgement(judgement).verdict != "inconclusive":
        return Observed("absent", f"{claim} is {verdict_words(judgement)}.", evidence, where=where)
    if seen is None:
        summary = f"{claim}: {judgement.seeds} seeds show no spread. Missing: two seeds of each variant at least."
        variants = arms_of(judgement.claim.arm, judgement.claim.other)
        planned = Counter(cell.variant for cell in record.cells if cell.variant in variants)
        return Observed(
            "inconclusive", summary, evidence, where=where, remedy=advise_seeds(min(planned.values(), default=0))
        )
    unit = unit_of(judgement.claim.metric)
    sentence = f"{judgement.seeds} seeds find {unit.amount(seen)} beyond the threshold four times in five"
    if seen <= margin:
        return Observed(
            "absent", f"{claim}: {sentence}, within its margin of {unit.amount(margin)}.", evidence, where=where
        )
    summary = f"{claim} is open, and {sentence}: less would be missed, and its margin is {unit.amount(margin)}."
    if low is not None:
        many = f"{about(low)} or more" if high is None else about(low, high)
        remedy = f"Run {many} seeds of its variants, if the estimate is right."
    elif judgement.rows_needed is None:
        remedy = "No number of seeds settles it on these rows; more of both would, or a claim with a larger margin."
    else:
        rows = about(judgement.rows_needed)
        remedy = f"No number of seeds settles it on these rows; give the split more: {rows} would do."
    return Observed("present", summary, evidence, where=where, severity="info", remedy=remedy)


@claim_check(
    "claim.selected",
    "A claim stands in the study that was written after the first result, or one that was registered is withdrawn; or "
    "a stated score is that of the best of two or more seeds, or above all of them.",
)
def claim_selected(judged: JudgedStudy) -> Iterator[Observed]:
    """Seed, split, metric or claim were chosen after the results.

    **What it means.** The best of several is better than the mean by luck alone: of five runs whose standard deviation
    is a point, the best lies 1.2 points above the mean on average. A claim that was picked because it came out well is
    no test of anything.

    **How it is decided.** From the study's record of claims, which is hashed before the first cell: those that were
    added later, and those that were registered and are gone. `brittlestar check --stated SCORE` places a reported
    score among the seeds that predictions were given for.

    **Thresholds.** One such claim, or a stated score that is the best of two or more seeds or above all of them. These
    are observations, not estimates.

    **What it cannot see.** Runs, splits and metrics that were tried elsewhere and left no record.

    **What to do.** Report the mean over seeds with its interval; register the claim in a study of its own, and run it
    on seeds and rows that nobody has looked at. Severity: warning for a stated score and for a claim that was
    withdrawn, else info.
    """
    if judged.record.claims:
        yield _tell_choice(judged.record.claims)
    if judged.stated is not None:
        yield _tell_stated(judged.stated)


def _tell_choice(claims: Sequence[Mapping[str, Any]]) -> Observed:
    later = [str(claim["claim"]) for claim in claims if not claim["registered"] and not claim.get("withdrawn")]
    gone = [str(claim["claim"]) for claim in claims if claim["registered"] and claim.get("withdrawn")]
    evidence, where = {"later": later, "withdrawn": gone}, {"claims": "all"}
    if not later and not gone:
        return Observed(
            "absent", f"All {len(claims)} claims stand as they were before the first run.", evidence, where=where
        )
    parts = [f"written after the first result: {'; '.join(later)}"] if later else []
    parts += [f"registered and withdrawn: {'; '.join(gone)}"] if gone else []
    summary = f"Claims were chosen with results at hand ({', and '.join(parts)})."
    remedy = "Register them in a new study with seeds that nobody has seen, and report those that were withdrawn."
    return Observed("present", summary, evidence, where=where, severity="warning" if gone else "info", remedy=remedy)


def _tell_stated(stands: StatedScoreCheck) -> Observed:
    evidence, where = stands.as_json(), {"score": f"{stands.stated:g}"}
    summary = f"{stands.sentence[:1].upper()}{stands.sentence[1:]}."
    if stands.seeds < 2:
        remedy = "Give the predictions of more seeds: --preds FILE, one a seed."
        return Observed("inconclusive", summary, evidence, where=where, remedy=remedy)
    if not stands.the_best and stands.below < stands.seeds:
        return Observed("absent", summary, evidence, where=where)
    remedy = "Report the mean over seeds with its interval beside it."
    return Observed("present", summary, evidence, where=where, severity="warning", remedy=remedy)


NOT_TUNED = ("training.epochs", "training.device", "training.selection", "training.precision")


@claim_check(
    "claim.untuned",
    "Two variants of a claim differ in a training setting (learning rate, batch size, weight decay, clipping, schedule "
    "…) that is stated for one of them and a default for the other.",
)
def claim_untuned(judged: JudgedStudy) -> Iterator[Observed]:
    """One variant of a claim was tuned and the other runs on defaults.

    **What it means.** A difference between such variants may be the work that went into one of them. Baselines that got
    the same search have overturned many published gains.

    **How it is decided.** For the variants of each claim, their training settings with their origins: one that differs
    between two variants, and is stated (study file, variant or `--set`) for the one and a default for the other,
    counts. Epochs, devices and the rule that selects the checkpoint do not: they are budget (`claim.unequal-budget`) or
    no matter of tuning.

    **Thresholds.** One such setting. It is an observation, not an estimate. Absent: no setting is stated for one
    variant alone.

    **What it cannot see.** Searches that left no trace: ten learning rates tried for both variants on the record of
    one. Settings inside own code that are no parameters of the study.

    **What to do.** Give both variants the same search, or the same settings, and say how many were tried. Severity:
    warning.
    """
    seen: set[tuple[str, ...]] = set()
    for judgement in judged.judgements:
        names = tuple(
            name for name in arms_of(judgement.claim.arm, judgement.claim.other) if name in judged.record.variants
        )
        if len(names) >= 2 and names not in seen and BEST_TRIVIAL not in names:
            seen.add(names)
            cells = [cell for name in names for cell in judged.record.cells_of(name, "done")]
            if cells and all(cell.outcome == "imported" for cell in cells):
                where = {"claim": format_claim(judgement.claim), "variant": ", ".join(names)}
                sentence = f"{' and '.join(names)}: predictions were given, without settings of training"
                yield Observed("not-applicable", sentence, where=where)
                continue
            yield _tell_tuning([judged.record.variants[name] for name in names], format_claim(judgement.claim))


def _tell_tuning(variants: Sequence[VariantRecord], claim: str) -> Observed:
    names = [variant.name for variant in variants]
    where = {"claim": claim, "variant": ", ".join(names)}
    found: dict[str, dict[str, Any]] = {}
    paths = {
        setting.path for variant in variants for setting in variant.settings if setting.path.startswith("training.")
    }
    for path in sorted(path for path in paths if not path.startswith(NOT_TUNED)):
        held = {variant.name: _find_setting(variant, path) for variant in variants}
        values = {repr(value) for value, _ in held.values()}
        stated = {name for name, (_, known) in held.items() if known}
        if len(values) > 1 and stated and len(stated) < len(held):
            found[path] = {name: value for name, (value, _) in held.items()}
    evidence = {"settings": found}
    if not found:
        summary = f"{' and '.join(names)}: no training setting is stated for one of them alone."
        return Observed("absent", summary, evidence, where=where)
    sentence = "; ".join(
        f"{path} is " + ", ".join(f"{value} in {name}" for name, value in by_variant.items())
        for path, by_variant in found.items()
    )
    summary = f"{claim}: a variant was given its own training settings and another runs on defaults ({sentence})."
    remedy = "Search the same settings for both variants, or train both with the same, and say how many were tried."
    return Observed("present", summary, evidence, where=where, severity="warning", remedy=remedy)


def _find_setting(variant: VariantRecord, path: str) -> tuple[Any, bool]:
    """The value of a setting, and whether somebody stated it."""
    known = ((setting.value, setting.origin not in DEFAULTS) for setting in variant.settings if setting.path == path)
    return next(known, (None, False))
