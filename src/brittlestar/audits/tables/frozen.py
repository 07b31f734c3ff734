"""Finding `embedding.frozen`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.audits.analysis import Analysis
from brittlestar.core.findings import Finding
from brittlestar.study.names import MAIN
from brittlestar.study.settings import Study
from brittlestar.study.variants import variant_settings

CODE = "embedding.frozen"
THRESHOLD = "A variant sets model.embedding.mode to frozen-random; a warning for main, info for a variant."


def check(analysis: Analysis) -> Iterator[Finding]:
    """Token vectors that are drawn at random and never trained.

    **What it means.** The rest of the model has to work with whatever the draw gave. As a variant that is a useful
    ablation: how much do trained vectors add? As main it is mostly a mistake.

    **How it is decided.** From the settings of every arm: `model.embedding.mode`.

    **Thresholds.** `frozen-random` in main is a warning, in a variant info.

    **What it cannot see.** Vectors that your own model freezes.

    **What to do.** Set `model.embedding.mode: trained`, or give a table with `frozen-pretrained`.
    """
    arms = {name: study for name, study in variant_settings(analysis.study).items() if _embeds(study)}
    frozen = [name for name, study in arms.items() if study.model.embedding.mode == "frozen-random"]
    for name in frozen:
        yield Finding(
            CODE,
            "present",
            f"The token vectors of {name} are random and are not trained.",
            THRESHOLD,
            "warning" if name == MAIN else "info",
            {"variant": name},
            {"mode": "frozen-random"},
            "Set model.embedding.mode to trained, or to frozen-pretrained with a table.",
        )
    if not frozen and arms:
        modes = ", ".join(f"{name} {study.model.embedding.mode}" for name, study in arms.items())
        yield Finding(CODE, "absent", f"No arm freezes random vectors ({modes}).", THRESHOLD)
    elif not frozen:
        summary = "No arm has vectors of ours; whether a model of your own freezes them is seen when it trains."
        yield Finding(CODE, "inconclusive", summary, THRESHOLD)


def _embeds(study: Study) -> bool:
    return study.model.own is None and not study.model.predictions and study.model.family != "bag"
