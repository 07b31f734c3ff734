"""Finding `embedding.frozen`."""

from collections.abc import Iterator

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.showing import Rule
from brittlestar.core.findings import Finding
from brittlestar.study.names import MAIN
from brittlestar.study.variants import variant_settings

CODE = "embedding.frozen"
THRESHOLD = "A variant sets model.embedding.mode to frozen-random; a warning for main, info for a variant."
RULE = Rule(CODE, THRESHOLD, "Set model.embedding.mode to trained, or to frozen-pretrained with a table.")


def check(analysis: Analysis) -> Iterator[Finding]:
    """Token vectors that are drawn at random and never trained.

    **What it means.** The rest of the model has to work with whatever the draw gave. As a variant that is a useful
    ablation: how much do trained vectors add? As main it is mostly a mistake.

    **How it is decided.** From the settings of every variant: `model.embedding.mode`.

    **Thresholds.** `frozen-random` in main is a warning, in a variant info.

    **What it cannot see.** Vectors that your own model freezes.

    **What to do.** Set `model.embedding.mode: trained`, or give a table with `frozen-pretrained`.
    """
    arms = {name: study.model for name, study in variant_settings(analysis.study).items()}
    arms = {name: one for name, one in arms.items() if one.own is None and not one.predictions and one.family != "bag"}
    frozen = [name for name, model in arms.items() if model.embedding.mode == "frozen-random"]
    for name in frozen:
        told = f"The token vectors of {name} are random and are not trained."
        severity = "warning" if name == MAIN else "info"
        yield RULE.conclude(told, severity, {"variant": name}, {"mode": "frozen-random"})
    if not frozen and arms:
        modes = ", ".join(f"{name} {model.embedding.mode}" for name, model in arms.items())
        yield RULE.conclude(f"No variant freezes random vectors ({modes}).")
    elif not frozen:
        yield RULE.abstain(
            "No variant has vectors of ours; whether a model of your own freezes them is seen when it trains."
        )
