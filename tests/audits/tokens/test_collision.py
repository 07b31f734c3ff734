import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.tokens.collision import collision
from brittlestar.audits.vocabulary import GivenVocabulary, read_vocabulary
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis


def made() -> Made:
    """Rows over A, a, B, b, c, d; the label says nothing."""
    random = np.random.default_rng(9)
    splits: Made = {}
    for name, size in (("train", 600), ("test", 200)):
        rows = [random.choice(list("AaBbcd"), 9) for _ in range(size)]
        splits[name] = [" ".join(row) for row in rows], [f"c{k % 2}" for k in range(size)]
    return splits


def with_ids(one: Analysis, *pairs: tuple[str, int]) -> Analysis:
    return replace(one, vocabulary=GivenVocabulary(pairs, True))


def findings(one: Analysis) -> list[Finding]:
    return list(collision.function(one))


def test_our_own_ids_are_distinct_by_construction():
    (found,) = findings(make_analysis(made()))
    assert (found.status, "by construction" in found.summary) == ("absent", True)


def test_a_shared_id_of_tokens_that_the_data_lack_is_no_finding():
    (found,) = findings(
        with_ids(make_analysis(made()), *[(t, k) for k, t in enumerate("AaBbcd", 2)], ("x", 9), ("y", 9))
    )
    assert found.status == "absent"


def test_a_token_under_two_ids_is_a_warning():
    found = findings(with_ids(make_analysis(made()), *[(t, k) for k, t in enumerate("AaBbcd", 2)], ("A", 9)))
    assert [(finding.severity, finding.evidence["tokens"]) for finding in found] == [("warning", ["A"])]


def test_a_vocabulary_in_lower_case_is_info():
    (found,) = findings(with_ids(make_analysis(made()), *[(token, k) for k, token in enumerate("abcd", 2)]))
    assert (found.status, found.severity, found.where["change"]) == ("present", "info", "lower case")
    assert "'A'" in found.summary and found.evidence["share"] > 0.25


def test_two_tokens_with_one_vector_share_it(tmp_path: Path):
    table = tmp_path / "table.txt"
    vectors = {token: np.random.default_rng(k).normal(size=5) for k, token in enumerate("AaBbcd")}
    vectors["d"] = vectors["c"]
    lines = [f"{token} {' '.join(map(str, vector))}" for token, vector in vectors.items()]
    table.write_text("\n".join([*lines, lines[0]]) + "\n")
    one = make_analysis(made(), {"model.embedding.table": str(table), "model.embedding.mode": "fine-tuned"})
    shared, twice = findings(one)
    assert (shared.severity, {*shared.evidence["groups"][0]}) == ("error", {"c", "d"})
    assert twice.evidence["tokens"] == ["A"]


def test_ids_are_read_as_they_are_written(tmp_path: Path):
    path = tmp_path / "vocabulary.json"
    path.write_text('{"a": 1, "b": 1, "a": 2}')
    assert read_vocabulary(path) == GivenVocabulary((("a", 1), ("b", 1), ("a", 2)), True)
    path.write_text(json.dumps({"model": {"vocab": {"a": 0}}}))
    assert read_vocabulary(path) == GivenVocabulary((("a", 0),), True)
    path.write_text(json.dumps(["a", "b"]))
    assert read_vocabulary(path) == GivenVocabulary((("a", 0), ("b", 1)), False)
    path.write_text(json.dumps([["a", -1.5], ["b", -2.0]]))
    assert read_vocabulary(path) == GivenVocabulary((("a", 0), ("b", 1)), False)
    path.write_text(json.dumps({"a": "x"}))
    assert read_vocabulary(path) == GivenVocabulary.number("a")
    lines = tmp_path / "vocabulary.txt"
    lines.write_text("a\t10\r\nb\n")
    assert read_vocabulary(lines) == GivenVocabulary((("a", 0), ("b", 1)), False)
