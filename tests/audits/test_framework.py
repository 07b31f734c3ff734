from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.running import audit_dataset, correct_findings
from brittlestar.audits.token_model import TokenModel
from brittlestar.core.checks import Check, CheckRule, Observed, decide
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from tests.audits.making import make_analysis, three_splits


def found(p: float | None, status: str = "present") -> Finding:
    severity = "warning" if status == "present" else None
    return Finding("own.rule", status, "It is so.", "rule", severity, evidence={} if p is None else {"p": p})  # type: ignore[arg-type]


def test_a_present_finding_that_chance_explains_is_open() -> None:
    open_, kept, _, untested = correct_findings([found(0.03), found(0.001), found(0.9, "absent"), found(None)])
    assert (open_.status, open_.severity) == ("inconclusive", None) and "3 tests" in open_.summary
    assert kept.status == "present" and kept.evidence["p_adjusted"] == pytest.approx(0.003)
    assert untested == found(None)


@pytest.mark.parametrize(
    ("seen", "status", "severity", "summary"),
    [
        (observe("It is so", "error"), "present", "error", "It is so."),
        (observe("It is so.", "error", {"split": "shift_x"}), "present", "info", "It is so."),
        (observe("It is not"), "absent", None, "It is not."),
        (observe("It is not", rows=50), "absent", None, "It is not."),
        (
            observe("It is not", rows=49),
            "inconclusive",
            None,
            "It is not; 49 rows are too few to tell, 50 would do.",
        ),
        (observe("It is so", "error", rows=49), "present", "error", "It is so."),
        (
            unknown("There is nothing", lacking="rows would do"),
            "inconclusive",
            None,
            "There is nothing; rows would do.",
        ),
        (unknown("There is nothing"), "inconclusive", None, "There is nothing."),
    ],
)
def test_one_function_decides_what_a_result_is(seen: Observed, status: str, severity: str | None, summary: str) -> None:
    told = decide(CheckRule(code="own.rule", threshold="threshold", remedy="Mend it.", softens=True), seen)
    assert (told.status, told.severity, told.summary) == (status, severity, summary)
    assert told.remedy == ("Mend it." if status == "present" else "")
    own = decide(CheckRule(code="own.rule", threshold="threshold"), replace(seen, remedy="Look.", threshold="Another."))
    assert own.remedy == ("" if status == "absent" else "Look.")
    assert (own.severity, own.threshold) == (seen.severity, "Another.")


@pytest.mark.parametrize(
    ("split", "severity"),
    [("shift_web", "info"), ("new_march", "info"), ("test", "error"), ("shiftwork", "error"), ("news", "error")],
)
def test_only_a_declared_shift_and_rows_without_labels_soften_what_is_found(split: str, severity: str) -> None:
    result = observe("It is so", "error", {"split": split})
    assert decide(CheckRule(code="own.rule", threshold="threshold", softens=True), result).severity == severity
    assert decide(CheckRule(code="own.rule", threshold="threshold"), result).severity == "error"


def test_a_page_gets_the_threshold_and_the_remedy_where_it_says_nothing_of_them() -> None:
    def measure(analysis: Analysis) -> Iterator[Observed]:
        """First line.

        **What it cannot see.** Nothing.
        """
        yield observe(f"{analysis.train.n_rows} rows")

    check = data_check("own.rule", "At least 1 % of rows.", "Mend it.")(measure)
    parts = ["**Thresholds.** At least 1 % of rows.", "**What it cannot see.** Nothing.", "**What to do.** Mend it."]
    assert check.page == "\n\n".join(["First line.", *parts])
    assert [finding.summary for finding in check.function(make_analysis(three_splits()))] == ["400 rows."]


def own(analysis: Analysis) -> Iterator[Finding]:
    """Rows of train."""
    yield Finding("own.rule", "absent", f"{analysis.train.n_rows} rows.", "none")


def test_an_own_check_runs_beside_ours_and_alone() -> None:
    made = make_analysis(three_splits())
    check = Check("own.rule", own)
    assert {"own.rule", "leak.exact"} <= {f.code for f in audit_dataset(made, own=[check])}
    assert [f.summary for f in audit_dataset(made, own=[check], only=["own"])] == ["400 rows."]
    assert {f.code for f in audit_dataset(made, only=["leak.exact"])} == {"leak.exact"}


def test_codes_that_are_unknown_or_taken_are_refused() -> None:
    made = make_analysis(three_splits())
    with pytest.raises(InputError, match=r"no check 'leak\.exat'"):
        audit_dataset(made, only=["leak.exat"])
    with pytest.raises(InputError, match=r"there is a check leak\.exact already"):
        audit_dataset(made, own=[Check("leak.exact", own)])


@pytest.mark.parametrize(
    ("code", "function", "wrong"),
    [
        ("Own", own, "lower case"),
        ("own.rule", "text", "cannot be called"),
        ("own.rule", lambda analysis: [], "no docstring"),
        ("own.rule", test_a_present_finding_that_chance_explains_is_open, "exactly one argument"),
    ],
)
def test_what_is_no_check_is_refused_with_what_one_is(code: str, function: object, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong) as error:
        Check(code, function)  # type: ignore[arg-type]
    assert "a check is a code and a function" in str(error.value)


@pytest.mark.parametrize("result", [[], [1], [found(None), Finding("other.code", "absent", "no", "none")]])
def test_an_own_check_that_yields_something_else_is_told_and_hides_nothing(result: list[object]) -> None:
    def odd(analysis: Analysis) -> Iterator[object]:
        """Odd."""
        yield from result

    only = ["own.rule", "leak.exact"]
    said = audit_dataset(make_analysis(three_splits()), own=[Check("own.rule", odd)], only=only)  # type: ignore[arg-type]
    (told,) = (finding for finding in said if finding.code == "own.rule")
    assert told.status == "inconclusive" and "it yielded" in told.evidence["failure"]
    assert {finding.code for finding in said} == set(only)


def test_an_own_check_that_fails_is_told_with_its_line_and_hides_nothing() -> None:
    def broken(analysis: Analysis) -> Iterator[Finding]:
        """Fails."""
        raise LookupError("no such thing")

    said = audit_dataset(
        make_analysis(three_splits()), own=[Check("own.rule", broken)], only=["own.rule", "leak.exact"]
    )
    (told,) = (finding for finding in said if finding.code == "own.rule")
    assert told.evidence["failure"] == "LookupError: no such thing"
    assert told.evidence["at"].startswith("test_framework.py:") and told.evidence["at"] in told.summary


def test_a_check_cannot_change_the_material() -> None:
    made = make_analysis(three_splits())

    def writes(analysis: Analysis) -> Iterator[Finding]:
        """Writes where it must not."""
        analysis.train.codes[:] = 0
        yield Finding("own.rule", "absent", "Fine.", "None.")

    before = made.train.codes.copy()
    (told,) = audit_dataset(made, own=[Check("own.rule", writes)], only=["own.rule"])
    assert "read-only" in told.evidence["failure"]
    np.testing.assert_array_equal(made.train.codes, before)


def test_the_token_model_draws_what_it_was_fitted_on() -> None:
    codes = np.array([0, 1, 2, 0, 1, 1, 2, 2], np.int32)
    offsets = np.array([0, 3, 3, 8], np.int64)
    model = TokenModel.fit(codes, offsets)
    drawn, drawn_offsets = model.draw(np.array([4] * 3000 + [0, 1]), np.random.default_rng(0))
    assert np.diff(drawn_offsets).tolist() == [4] * 3000 + [0, 1]
    rows = drawn[:12000].reshape(3000, 4)
    assert (rows[:, 0] == 0).all() and (rows[:, 1] == 1).all()
    after_one = rows[:, 2]  # 1 is followed by 2 in two of three occurrences, by 1 in one
    assert abs((after_one == 2).mean() - 2 / 3) < 0.04 and set(after_one.tolist()) == {1, 2}
