"""Which claims are judged on paired runs: a rule on shapes and data, settled before the first cell."""

from typing import Any

import pytest

from brittlestar.core.errors import InputError
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import SharedLuck, check_claim, settle_pairing

PLAIN = {"tokens": "whitespace", "order": "kept"}
LUCK = SharedLuck(
    {"main": "x", "frozen": "x", "wide": "y", "permuted": "x", "fit": None, "other-fit": None},
    dict.fromkeys(("main", "frozen", "wide", "fit", "other-fit"), PLAIN) | {"permuted": {**PLAIN, "order": "permuted"}},
)


def paired(claim: Any, luck: SharedLuck = LUCK) -> str | None:
    return settle_pairing(parse_claim(claim), luck).pairing


@pytest.mark.parametrize(
    ("sides", "pairing"),
    [
        ("main > frozen", "paired"), ("main > wide", "independent"), ("main > permuted", "independent"),
        ("fit > other-fit", "independent"), ("main > unknown", "independent"), ("main > best-trivial", "paired"),
        ("wide > wide@dev", "paired"), ("main - best-trivial > main@dev - best-trivial", "paired"),
        ("main - frozen > main@dev - frozen@dev", "paired"), ("main - wide > main@dev - wide@dev", "independent"),
        ("main or frozen > wide", "independent"),
    ],
)  # fmt: skip
def test_variants_of_the_same_shapes_and_data_are_paired(sides: str, pairing: str) -> None:
    assert paired(f"{sides} by 0.01 on accuracy") == pairing


def test_what_somebody_stated_stays_and_redrawn_rows_are_shared() -> None:
    assert paired({"claim": "main > wide by 0.01 on accuracy", "pairing": "paired"}) == "paired"
    assert paired({"claim": "main > frozen by 0.01 on accuracy", "pairing": "independent"}) == "independent"
    redrawn = SharedLuck(LUCK.shapes, LUCK.data, redrawn=True)
    assert paired("main > wide by 0.01 on accuracy", redrawn) == "paired"


def test_the_pairing_is_part_of_the_hash_where_it_is_settled_alone() -> None:
    claim = parse_claim("main > wide by 0.01 on accuracy")
    assert "pairing" not in claim.fields() and claim.pairing is None
    hashes = {claim.hash, *(settle_pairing(claim, one).hash for one in (LUCK, SharedLuck({}, {}, True)))}
    assert len(hashes) == 3
    settled = settle_pairing(claim, LUCK)
    assert parse_claim(settled.fields()) == settled


def test_a_wrong_pairing_is_refused() -> None:
    with pytest.raises(InputError, match="pairing is 'both'"):
        parse_claim({"claim": "main > wide by 0.01 on accuracy", "pairing": "both"})
    fields = {"population": "new-training-sets", "pairing": "independent"}
    claim = parse_claim({"claim": "main > wide by 0.01 on accuracy", **fields})
    (problem,) = check_claim(claim, "here", metrics=["accuracy"], redraws=True)
    assert "read the same draw with each seed" in problem.what
