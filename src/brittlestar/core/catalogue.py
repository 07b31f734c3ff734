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
        ("audits.leaks", "exact near group selection preprocess"),
        ("audits.shifts", "label length vocabulary composition order combination overall"),
        ("audits.shortcuts", "length position token bag"),
        ("audits.labels", "conflict noise imbalance missing"),
        ("audits.rows", "duplicates small sorted encoding truncation"),
        ("audits.tokens", "collision mismatch unknown padding"),
        ("audits.tables", "frozen misaligned unused collapsed exploding"),
        ("audits.tables", "position_missing position_overflow padding_side"),
    ),
    "record": (
        ("diagnosis", "eval_checkpoint eval_metric eval_disagree eval_ceiling eval_train_mismatch leak_selection"),
        ("diagnosis.seen", "train_loss_mismatch train_unchanged train_gradient_accumulating train_batching"),
        ("diagnosis.seen", "train_rate_high train_rate_low train_clip_bound train_symmetric train_over_regularised"),
        ("diagnosis.seen", "train_optimiser train_capacity embedding_frozen train_gradient_vanishing"),
        ("diagnosis.seen", "train_gradient_exploding train_dead_units train_saturated"),
        ("diagnosis.seen", "data_truncation data_small token_unknown token_collision token_padding"),
        ("diagnosis", "train_nonfinite train_diverging train_overfit train_plateau train_short"),
        ("diagnosis", "seed_inert seed_collapse seed_unstable seed_undeclared"),
        ("diagnosis", "report_inert report_undeclared claim_unequal_budget"),
    ),
    "answers": (("diagnosis", "eval_constant eval_label_order"),),
    "probes": (
        ("diagnosis.probes", "order_blind order_brittle composition_brittle combination_brittle length_brittle"),
        ("diagnosis.probes", "token_brittle factor_blind factor_brittle contrast_blind noise_brittle expectation"),
        ("diagnosis.probes", "position_missing padding_leaks padding_batch"),
        ("diagnosis.probes", "eval_stochastic eval_slice eval_calibration"),
    ),
    "claims": (("claims", "claim_underpowered claim_easy_benchmark claim_selected claim_untuned eval_below_trivial"),),
}
MODULES: Mapping[Needs, tuple[str, ...]] = {
    needs: tuple(f"{folder}.{name}" for folder, names in parts for name in names.split())
    for needs, parts in _NAMES.items()
}
"""Modules with CODE and `check`, below `brittlestar`. A code may be looked for in data and in models: its checks have
different needs. They are named, and not imported, so that whoever reads one kind
loads that kind alone."""


@functools.cache
def find_checks(needs: Needs) -> Mapping[str, Check]:
    """{code: check} of those that need this. A check's docstring is the documentation page of its code."""
    modules = (importlib.import_module(f"brittlestar.{name}") for name in MODULES[needs])
    checks = (Check(one.CODE, one.check, needs, getattr(one, "SEES", "all")) for one in modules)
    return MappingProxyType({check.code: check for check in checks})


def check_all(needs: Needs, subject: Any, own: Sequence[Check] = ()) -> list[Finding]:
    """Findings of all our checks that need this about one subject, then those of `own`, whose other kinds are left
    out. Raises InputError for a code that is given twice."""
    return run_checks(join_checks(find_checks(needs), own, needs).values(), subject)
