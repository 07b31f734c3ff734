"""Every check of the package, by what it needs, in the order in which a reader wants them."""

import functools
import importlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from brittlestar.core.checks import Check, Needs, join_checks, run_checks
from brittlestar.core.findings import Finding

_NAMES: Mapping[Needs, Sequence[tuple[str, str]]] = {
    "data": (
        ("audits.leaks", "shared_rows:exact near:near_copies shared_rows:group shared_rows:selection"),
        ("audits.leaks", "preprocess:preprocess"),
        ("audits.shifts", "margins:label margins:length tokens:vocabulary tokens:composition order:order"),
        ("audits.shifts", "combination:combination overall:overall"),
        ("audits.shortcuts", "single:length single:position single:token bag:bag"),
        ("audits.labels", "conflict:conflict noise:noise classes:imbalance classes:missing"),
        ("audits.rows", "train_rows:duplicates train_rows:small train_rows:sorted_rows"),
        ("audits.rows", "encoding:encoding truncation:truncation"),
        ("audits.tokens", "collision:collision mismatch:mismatch unknown:unknown_tokens padding:padding"),
        ("audits.tables", "vectors:frozen misaligned:misaligned_rows vectors:unused_rows"),
        ("audits.tables", "vectors:collapsed_vectors vectors:exploding"),
        ("audits.tables", "places:position_missing places:position_overflow places:padding_side"),
    ),
    "record": (
        ("diagnosis", "checkpoint_checks:eval_checkpoint score_checks:eval_metric score_checks:eval_disagree"),
        ("diagnosis", "score_checks:eval_ceiling"),
        ("diagnosis.seen", "signals:train_loss_mismatch weights:train_unchanged steps:train_gradient_accumulating"),
        ("diagnosis.seen", "rows:train_batching steps:train_rate_high steps:train_rate_low steps:train_clip_bound"),
        ("diagnosis.seen", "weights:train_symmetric weights:train_over_regularised steps:train_optimiser"),
        ("diagnosis.seen", "weights:train_capacity weights:embedding_frozen signals:train_gradient_vanishing"),
        ("diagnosis.seen", "signals:train_gradient_exploding signals:train_dead_units signals:train_saturated"),
        ("diagnosis.seen", "rows:data_truncation rows:data_small rows:token_unknown rows:token_collision"),
        ("diagnosis.seen", "rows:token_padding"),
        ("diagnosis", "curve_checks:train_nonfinite curve_checks:train_diverging fit_checks:train_overfit"),
        ("diagnosis", "fit_checks:train_plateau curve_checks:train_short seed_checks:seed_inert"),
        ("diagnosis", "seed_checks:seed_collapse seed_checks:seed_unstable tracing:seed_undeclared"),
        ("diagnosis", "tracing:report_inert tracing:report_undeclared budget_checks:claim_unequal_budget"),
    ),
    "answers": (
        ("diagnosis", "mismatch_checks:eval_train_mismatch budget_checks:leak_selection"),
        ("diagnosis", "answer_checks:eval_constant label_order:eval_label_order"),
    ),
    "probes": (
        ("diagnosis.probes", "conditions:probe_order_blind conditions:probe_order_brittle"),
        ("diagnosis.probes", "conditions:probe_composition_brittle conditions:probe_combination_brittle"),
        ("diagnosis.probes", "conditions:probe_length_brittle token_brittle:probe_token_brittle"),
        ("diagnosis.probes", "conditions:probe_factor_blind conditions:probe_factor_brittle"),
        ("diagnosis.probes", "conditions:probe_contrast_blind conditions:probe_noise_brittle"),
        ("diagnosis.probes", "conditions:probe_expectation position_missing:position_missing"),
        ("diagnosis.probes", "presented:padding_leaks presented:padding_batch presented:eval_stochastic"),
        ("diagnosis.probes", "conditions:eval_slice conditions:eval_calibration"),
    ),
    "claims": (
        ("claims", "claim_findings:claim_underpowered trivial_findings:easy_benchmark claim_findings:claim_selected"),
        ("claims", "claim_findings:claim_untuned trivial_findings:below_trivial slice_findings:eval_slice"),
    ),
}
MODULES: Mapping[Needs, tuple[str, ...]] = {
    needs: tuple(f"{folder}.{name}" for folder, names in parts for name in names.split())
    for needs, parts in _NAMES.items()
}
"""`module:check`, below `brittlestar`. A code may be looked for in data and in models: its checks have different needs.
They are named, and not imported, so that whoever reads one kind loads that kind alone."""


@functools.cache
def find_checks(needs: Needs) -> Mapping[str, Check]:
    """{code: check} of those that need this. A check's docstring is the documentation page of its code."""
    return MappingProxyType({check.code: check for check in map(_load_check, MODULES[needs])})


def _load_check(name: str) -> Check:
    place, _, within = name.partition(":")
    return getattr(importlib.import_module(f"brittlestar.{place}"), within)


def check_all(needs: Needs, subject: Any, own: Sequence[Check] = ()) -> list[Finding]:
    """Findings of all our checks that need this about one subject, then those of `own`, whose other kinds are left
    out. Raises InputError for a code that is given twice."""
    return run_checks(join_checks(find_checks(needs), own, needs).values(), subject)
