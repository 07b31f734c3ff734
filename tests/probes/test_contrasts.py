"""Two rows that differ in one token and have different labels."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.seeds import generator
from brittlestar.data.spr import Rule, parse_rule
from brittlestar.data.spr.symbols import TOKENS
from brittlestar.data.written_rows import rows_of_strings
from brittlestar.probes.contrasts import near_misses, one_token
from brittlestar.probes.relabelling import by_rule
from brittlestar.probes.task import ProbeTask
from tests.data.spr.labelling import label_rows
from tests.data.spr.test_spr_rule import RULES, plain_value

from .making import SEEDS, SPR_TASK, Rows

ROWS = st.lists(st.lists(st.sampled_from(TOKENS), max_size=8), max_size=20)


def labelled(rule: Rule) -> ProbeTask:
    return replace(SPR_TASK, relabel=by_rule(rule, ["0", "1"]))


def differing(left: list[str], right: list[str]) -> int:
    return sum(a != b for a, b in zip(left, right, strict=True))


@given(RULES, ROWS, SEEDS)
def test_near_misses_break_the_one_predicate_that_they_name(rule: Rule, rows: Rows, seed: int) -> None:
    found = near_misses(rule, rows_of_strings(rows), label_rows(rule, rows), labelled(rule), generator(seed, "tests"))
    for contrast in found:
        number = int(contrast.name.removeprefix("contrast.near-miss:")) - 1
        assert str(rule.predicates[number]) in contrast.about
        pairs = list(zip(contrast.left.strings(), contrast.right.strings(), strict=True))
        assert (
            pairs
            and contrast.left_labels.tolist() == [1] * len(pairs)
            and contrast.right_labels.tolist() == [0] * len(pairs)
        )
        for left, right in pairs:
            assert left in rows and differing(left, right) == 1
            assert all(plain_value(predicate, left) for predicate in rule.predicates)
            wanted = [k != number for k in range(len(rule.predicates))]
            assert [plain_value(predicate, right) for predicate in rule.predicates] == wanted
    assert len({contrast.name for contrast in found}) == len(found)


def test_every_predicate_that_one_token_breaks_is_found() -> None:
    rule = parse_rule("colour 2 is r AND even number of ■ AND first ▲ before ●")
    rows = [["▲g", "▲r", "●", "◆y", "◆"], ["▲", "◆r", "●b", "◆"]] * 20
    found = near_misses(rule, rows_of_strings(rows), label_rows(rule, rows), labelled(rule), generator(0, "tests"))
    assert [contrast.name for contrast in found] == [f"contrast.near-miss:{k}" for k in (1, 2, 3)]
    assert all(contrast.left.n_rows > 20 for contrast in found)


@given(RULES, ROWS, SEEDS)
def test_one_token_turns_the_label(rule: Rule, rows: Rows, seed: int) -> None:
    labels = label_rows(rule, rows).astype(np.int32)
    found = one_token(rows_of_strings(rows), labels, labelled(rule), generator(seed, "tests"))
    if found is not None:
        left, right = found.left.strings(), found.right.strings()
        assert [differing(*pair) for pair in zip(left, right, strict=True)] == [1] * len(left)
        assert found.left_labels.tolist() == label_rows(rule, left).tolist()
        assert found.right_labels.tolist() == label_rows(rule, right).tolist()
        assert (found.left_labels != found.right_labels).all()
        assert len(left) <= sum(map(bool, rows))
