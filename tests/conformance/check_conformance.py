"""The exam that a check sits before it is let loose on other people's data and studies.

For checks of your own, copy this file, `odd_subjects.py` and `odd_datasets.py` into a package of your tests.
"""

import json
import random as python_random
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.checks import Check
from brittlestar.core.findings import STATUSES, Finding

from .odd_subjects import odd_subjects

LARGEST_EXAMPLES = 10  # contract: examples are for people


def check_conformance(check: Check, subjects: Mapping[str, Any] | None = None) -> None:
    """Run a check on odd input of the kind that it needs (that of `odd_subjects`, unless other input is given).

    Raises AssertionError, which names the input, unless the check yields findings of its code alone, valid and plain
    JSON, with a sentence and a rule, present ones with a remedy or as information; twice the same; and input and global
    random states stay as they were. A check of data yields at least one each time. Its docstring must not be empty.
    """
    assert check.page, f"{check.code}: no docstring, which would be its page"
    for name, subject in (odd_subjects(check.needs) if subjects is None else subjects).items():
        where = f"{check.code} on {name}"
        before = fingerprint(subject)
        state = random_state()
        try:
            first = list(check.function(subject))
        except Exception as error:
            raise AssertionError(f"{where}: {type(error).__name__}: {error}") from error
        assert random_state() == state, f"{where}: it changed a global random state"
        assert fingerprint(subject) == before, f"{where}: it changed what it reads"
        said = first or check.needs != "data"
        assert said, (
            f"{where}: no finding; say what was looked at, what is missing, or that there is nothing to look at"
        )
        for finding in first:
            _valid(check, finding, where)
        again = list(check.function(replace(subject)))
        assert _as_text(first) == _as_text(again), f"{where}: a second run says something else"


def _valid(check: Check, finding: Finding, where: str) -> None:
    assert isinstance(finding, Finding), f"{where}: {finding!r} is no finding"
    assert finding.code == check.code, f"{where}: a finding of {finding.code}"
    assert finding.status in STATUSES, f"{where}: status {finding.status!r}"
    assert finding.severity in (None, "error", "warning", "info"), f"{where}: severity {finding.severity!r}"
    assert finding.summary.strip() and finding.threshold.strip(), f"{where}: no summary or no threshold"
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in finding.where.items()), (
        f"{where}: `where` holds other things than texts: {dict(finding.where)!r}"
    )
    if finding.severity in ("error", "warning"):
        assert str(finding.remedy).strip(), f"{where}: a {finding.severity} without a remedy"
    evidence = _as_text([finding])  # fails on NaN, arrays and other things that are no JSON
    assert "NaN" not in evidence, f"{where}: not a number in the evidence"
    p = finding.evidence.get("p")
    assert p is None or 0 <= p <= 1, f"{where}: p is {p!r}"
    rows = finding.evidence.get("rows")
    examples = isinstance(rows, (list, tuple)) and len(rows) > LARGEST_EXAMPLES
    assert not examples, f"{where}: more than {LARGEST_EXAMPLES} example rows; all of them belong under row_ids"


def _as_text(findings: Sequence[Finding]) -> str:
    try:
        return json.dumps([finding.as_json() for finding in findings], allow_nan=False, sort_keys=True)
    except (TypeError, ValueError) as error:
        codes = [finding.code for finding in findings]
        raise AssertionError(f"{codes}: the finding is not plain JSON: {error}") from error


def random_state() -> tuple[Any, ...]:
    """What Python and NumPy draw next, comparable."""
    kind, keys, *rest = np.random.get_state(legacy=True)
    return python_random.getstate(), kind, np.asarray(keys).tobytes(), *rest


def fingerprint(value: Any) -> Any:
    """What a record holds, comparable: arrays as their bytes, series and frames as lists, records field by field."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, (pl.Series, pl.DataFrame)):
        return repr(value.to_dict(as_series=False) if isinstance(value, pl.DataFrame) else value.to_list())
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(fingerprint(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return tuple((repr(key), fingerprint(one)) for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(fingerprint(one) for one in value)
    return repr(value)
