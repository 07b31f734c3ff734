"""The headline is right on made studies, and every surface says it in the same words. 400 of them: see grading.py."""

from __future__ import annotations

from tests.headline.grading import grade_studies
from tests.headline.made import KINDS


def test_answers_are_right_where_the_truth_is_clear_and_no_surface_contradicts_another() -> None:
    grades = grade_studies(range(2 * len(KINDS)))
    assert grades.contradictions == []
    assert grades.mistakes == []
    assert grades.right["real"] >= len(KINDS), "most clear cases are answered"
