"""Whether anything in the texts tells the labels, where a model is no better than naming one class."""

from brittlestar.core.checks import Observed, Role
from brittlestar.core.results import StudyRecord
from brittlestar.core.trivial_baselines import choose_highest
from brittlestar.diagnosis.ceilings import trivial_score
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns

BY_CHANCE = 3.0  # standard errors: the best of a dozen baselines is compared
NOISE = 2.0  # standard errors, at 95 %
LEAST_READ = 0.1  # convention: of what naming one class gets wrong, less is a little


@variant_check(
    "data.no-signal",
    "Neither the variant on test (else dev) nor the best trivial baseline on train, out of fold, gets right a "
    "tenth of what naming one class gets wrong, the whole interval.",
    role=Role("untaught", 250, effect="none"),
)
def data_no_signal(record: StudyRecord, variant: VariantRuns) -> Observed:
    """Nothing that was tried can read the labels from the texts.

    **What it means.** A model that does no better than naming one class may have been trained wrongly. Where counts of
    tokens, pairs and positions do no better either, the texts may not be those of the labels: another column, rows
    that were shuffled apart, a cut that left nothing. Or the task is one of order that only a good model learns.

    **How it is decided.** Accuracy on test, the mean over runs, and that of the trivial baseline that is best on train,
    out of fold, are each held against naming train's largest class there.

    **Thresholds.** Present: the variant is not above by two standard errors nor the baseline by three, and neither gets
    right a tenth of what one class gets wrong, the whole interval. Absent: one of them is above by three. Severity:
    warning for main; information of another variant, which may be meant to read nothing.

    **What it cannot see.** Which of these it is.

    **What to do.** Read ten rows of train: could you tell the label from the text? Else look at which column is read,
    and whether texts and labels are in one order.
    """
    split, baselines = record.held_out, None if record.audit is None else record.audit.trivial_baselines
    question = "whether anything tells the labels"
    if split is None:
        return report_missing(variant, question, "a test or dev split", "Give the data a test split.")
    scores, best = list(variant.scores(split, "accuracy").values()), None
    if baselines is not None:
        best = choose_highest(baselines.members, "train", "accuracy")
    reached = None if best is None else best.score("train", "accuracy").value
    one_class, of_train = (trivial_score(record.splits[name], "accuracy") for name in (split, "train"))
    if not scores or one_class is None or of_train is None or best is None or reached is None:
        return report_missing(variant, question, "a score, and scores of trivial baselines", None, split)
    mean = sum(scores) / len(scores)
    evidence = {"accuracy": mean, "one_class": one_class.score, "best_trivial": best.name, "in_train": reached}
    here, there = one_class.count_errors(mean), of_train.count_errors(reached)
    if max(here, there) > BY_CHANCE:
        who = variant.name if here > BY_CHANCE else f"{best.name}, out of fold on train,"
        return Observed("absent", f"{who} is right more often than naming one class is.", evidence, split=split)
    most = [
        (errors + NOISE) * one.error / max(1 - one.score, 1e-9)
        for errors, one in ((here, one_class), (there, of_train))
    ]
    if max(most) > LEAST_READ or here > NOISE:
        missing = "rows: more than a tenth of what one class gets wrong may be read"
        return report_missing(variant, question, missing, "", split)
    summary = (
        f"{variant.name} is right on {100 * mean:.1f} % of {split}, naming one class on {100 * one_class.score:.1f} %; "
        f"on train no trivial baseline is better either ({best.name} {100 * reached:.1f} % out of fold, one class "
        f"{100 * of_train.score:.1f} %): nothing that was tried reads the labels from the texts."
    )
    severity = "warning" if variant.name == record.main else "info"
    return Observed("present", summary, evidence, severity=severity, split=split)
