"""The rows whose labels are most in doubt: a list for people to read, whatever the test of `label.noise` says."""

from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import Paired
from brittlestar.audits.showing import percent, show_text
from brittlestar.baselines.shallow import ShallowModels
from brittlestar.core.checks import Observed
from brittlestar.core.splits import is_shifted

MOST_DOUBTED = 50  # budget: rows that a person reads in an hour
LONGEST, LONGEST_SAID = 300, 60  # budget: characters of a text in evidence, and in a sentence
ALPHA = 0.05  # convention, over all models


def is_learned(models: ShallowModels) -> bool:
    """Whether some shallow model is right on more of train's rows out of fold than naming the largest class is: a sign
    test, corrected for the models."""
    labels = models.pool.rows.labels[models.pool.fitted]
    named = labels == np.bincount(labels).argmax()
    return Paired.of(named, models.best.predicted[models.pool.fitted] == labels).p * len(models.errors) < ALPHA


def say_open(models: ShallowModels, most: float) -> str:
    """Why errors do not tell noise, which is in at most a share `most` of labels, from difficulty, and what would."""
    if is_learned(models):
        return (
            f"Shallow models learn this task, so that at most {percent(most)} of labels are noise that is the same "
            "everywhere; these rows cannot tell it from difficulty. More rows, or labels that two people read, would "
            "settle it"
        )
    return (
        f"Shallow models are not shown to learn this task ({percent(models.error)} of train wrong out of fold, "
        f"{percent(models.chance_error)} by naming the largest class), so noise cannot be distinguished from "
        "difficulty; labels that two people read would help"
    )


def list_doubted(analysis: Analysis, name: str) -> dict[str, Any]:
    """Evidence: rows of a split to which two models, the trivial baseline that is best on train out of fold and the
    linear one, answer the same other class, least probable labels first: id, text, own label, likely label, and the
    mean probability of each; at most 50 of `in_doubt`. Empty where the best reads nothing, or there is no such row."""
    scored = analysis.baselines
    best, linear = scored.trivial.best("train"), scored.trivial.find_kind("linear")
    models = sorted({one.name for one in (best, linear) if one is not None})
    answers, rows = [scored.answers[model][name] for model in models], scored.splits[name].tokens
    if best == scored.trivial.majority or not rows.n_rows:
        return {}
    predicted, labels = answers[0].predicted[0], answers[0].rows.labels
    own, likely = (np.mean([getattr(one, of)[0] for one in answers], axis=0) for of in ("own", "confidence"))
    agreed = np.all([one.predicted[0] == predicted for one in answers], axis=0)
    doubted = np.flatnonzero(agreed & (labels >= 0) & (predicted != labels))
    listed = [
        {
            "row": rows.ids[place],
            "text": show_text(rows, place, LONGEST),
            "label": analysis.labels[labels[place]],
            "likely": analysis.labels[predicted[place]],
            "probability": float(likely[place]),
            "probability_of_label": float(own[place]),
        }
        for place in doubted[np.argsort(own[doubted], kind="stable")[:MOST_DOUBTED]].tolist()
    ]
    return {"most_in_doubt": {"models": models, "in_doubt": len(doubted), "rows": listed}} if listed else {}


def add_doubted(analysis: Analysis, models: ShallowModels, found: Observed) -> Observed:
    """What was seen of a split, with its rows most in doubt. The first is said where the task is learned, unless noise
    is absent or a shift is declared, which may be why."""
    doubted = list_doubted(analysis, found.where["split"])
    if not doubted:
        return found
    found = replace(found, evidence={**found.evidence, **doubted})
    if found.status == "absent" or is_shifted(found.where["split"]) or not is_learned(models):
        return found
    first = doubted["most_in_doubt"]["rows"][0]
    text = first["text"][:LONGEST_SAID] + "…" * (len(first["text"]) > LONGEST_SAID)
    sentence = (
        f"{found.sentence.removesuffix('.')}. Most in doubt is row {first['row']} ({text!r}): labelled "
        f"{first['label']!r}, to {' and '.join(doubted['most_in_doubt']['models'])} {first['likely']!r} with a "
        f"probability of {first['probability']:.3f}"
    )
    return replace(found, sentence=sentence)
