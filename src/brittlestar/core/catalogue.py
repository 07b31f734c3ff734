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
        ("audits.leaks", "shared_rows:exact near:near shared_rows:group shared_rows:selection preprocess:preprocess"),
        ("audits.shifts", "margins:label margins:length tokens:vocabulary tokens:composition order:order"),
        ("audits.shifts", "combination:combination overall:overall"),
        ("audits.shortcuts", "single:length single:position single:token bag:bag"),
        ("audits.labels", "conflict:conflict noise:noise classes:imbalance classes:missing"),
        ("audits.rows", "train_rows:duplicates train_rows:small train_rows:sorted_rows"),
        ("audits.rows", "encoding:encoding truncation:truncation"),
        ("audits.tokens", "collision:collision mismatch:mismatch unknown:unknown_tokens padding:padding"),
        ("audits.tables", "vectors:frozen misaligned:misaligned vectors:unused vectors:collapsed vectors:exploding"),
        ("audits.tables", "places:position_missing places:position_overflow places:padding_side"),
    ),
    "record": (
        ("diagnosis", "checkpoint_checks:checkpoint score_checks:metric score_checks:disagree score_checks:ceiling"),
        ("diagnosis", "mismatch_checks:train_mismatch budget_checks:selection"),
        ("diagnosis.seen", "signals:loss_mismatch weights:train_unchanged steps:gradient_accumulating rows:batching"),
        ("diagnosis.seen", "steps:rate_high steps:rate_low steps:clip_bound weights:symmetric"),
        ("diagnosis.seen", "weights:over_regularised steps:optimiser weights:capacity weights:embedding_frozen"),
        ("diagnosis.seen", "signals:gradient_vanishing signals:gradient_exploding signals:dead_units"),
        ("diagnosis.seen", "signals:train_saturated rows:data_truncation rows:data_small rows:token_unknown"),
        ("diagnosis.seen", "rows:token_collision rows:token_padding"),
        ("diagnosis", "curve_checks:nonfinite curve_checks:diverging fit_checks:overfit fit_checks:plateau"),
        ("diagnosis", "curve_checks:short seed_checks:inert seed_checks:collapse seed_checks:unstable"),
        ("diagnosis", "tracing:seed_undeclared tracing:report_inert tracing:report_undeclared"),
        ("diagnosis", "budget_checks:unequal_budget"),
    ),
    "answers": (("diagnosis", "answer_checks:constant answer_checks:label_order"),),
    "probes": (
        ("diagnosis.probes", "conditions:order_blind conditions:order_brittle conditions:composition_brittle"),
        ("diagnosis.probes", "conditions:combination_brittle conditions:length_brittle token_brittle:token_brittle"),
        ("diagnosis.probes", "conditions:factor_blind conditions:factor_brittle conditions:contrast_blind"),
        ("diagnosis.probes", "conditions:noise_brittle conditions:expectation position_missing:position_missing"),
        ("diagnosis.probes", "presented:padding_leaks presented:padding_batch presented:eval_stochastic"),
        ("diagnosis.probes", "plain_rows:eval_slice plain_rows:eval_calibration"),
    ),
    "claims": (("claims", "claim_underpowered claim_easy_benchmark claim_selected claim_untuned eval_below_trivial"),),
}
MODULES: Mapping[Needs, tuple[str, ...]] = {
    needs: tuple(f"{folder}.{name}" for folder, names in parts for name in names.split())
    for needs, parts in _NAMES.items()
}
"""Modules with CODE and `check`, below `brittlestar`, or, of modules with several checks, `module:check`. A code may be
looked for in data and in models: its checks have different needs. They are named, and not imported, so that whoever
reads one kind loads that kind alone."""


@functools.cache
def find_checks(needs: Needs) -> Mapping[str, Check]:
    """{code: check} of those that need this. A check's docstring is the documentation page of its code."""
    return MappingProxyType({check.code: check for check in (_load_check(name, needs) for name in MODULES[needs])})


def _load_check(name: str, needs: Needs) -> Check:
    place, _, within = name.partition(":")
    module = importlib.import_module(f"brittlestar.{place}")
    return getattr(module, within) if within else Check(module.CODE, module.check, needs)


def check_all(needs: Needs, subject: Any, own: Sequence[Check] = ()) -> list[Finding]:
    """Findings of all our checks that need this about one subject, then those of `own`, whose other kinds are left
    out. Raises InputError for a code that is given twice."""
    return run_checks(join_checks(find_checks(needs), own, needs).values(), subject)
