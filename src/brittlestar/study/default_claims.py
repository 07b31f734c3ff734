"""The claims of a study that has none: fixed by the data alone, so that nobody chose them after a result."""

from collections.abc import Mapping, Sequence

from brittlestar.core.metrics import metric_of
from brittlestar.core.splits import headline_split, is_shifted
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import DEFAULT_MARGIN, UNSEEN, Claim
from brittlestar.study.names import BEST_TRIVIAL, CLAIM_ALIASES, MAIN, find_main
from brittlestar.study.sides import SPLIT_MARK, quote_name, write_metric

FEWEST_UNSEEN = 30  # fewer rows that train does not have say nothing by themselves


def default_claims(
    rows: Mapping[str, int], unseen: Mapping[str, int], metric: str, variant: str = MAIN
) -> tuple[Claim, ...]:
    """The variant beats the best trivial baseline by a point on test (dev where there is none); it does so
    on the rows whose sequence train does not have, where some are seen and at least 30 are not; and on each shifted
    split it stays within a point of that. `rows` and `unseen` count each split's rows; without a held-out split there
    is nothing to claim."""
    return tuple(parse_claim(sentence, "claims") for sentence in default_sentences(rows, unseen, metric, variant))


def default_sentences(rows: Mapping[str, int], unseen: Mapping[str, int], metric: str, variant: str) -> list[str]:
    """The same as sentences."""
    held_out = headline_split(rows)
    if held_out is None:
        return []
    by = f"{DEFAULT_MARGIN:g} on {write_metric(metric)}"
    found = [against_trivial(variant, DEFAULT_MARGIN, metric, held_out)]
    if FEWEST_UNSEEN <= unseen.get(held_out, 0) < rows[held_out]:
        found.append(against_trivial(variant, DEFAULT_MARGIN, metric, f"{held_out}{UNSEEN}"))
    found += [
        f"{_better(variant, f'{variant}{SPLIT_MARK}{held_out}', metric)} by -{by} on {split}"
        for split, many in rows.items()
        if is_shifted(split) and many and not set(split) & set(" #:@")
    ]
    return found


def default_table_sentences(variants: Sequence[str], splits: Sequence[str], metric: str, trivial: bool) -> list[str]:
    """The claims of a table of outcomes that nobody wrote any for, as sentences: those of a study, of the best trivial
    baseline only where its outcomes are known (`trivial`), and that the variant under test exceeds each other variant.
    Where no variant has the name of the one under test, two are held against each other, in both directions: that they
    are equal, of which the difference and its interval are told; of more or fewer there are none. `splits` are none
    where the table does not name them."""
    main, rows = find_main(variants), dict.fromkeys(splits or ("test",), 1)
    held_out = headline_split(rows)
    if held_out is None:
        return []
    where = "" if held_out == "test" else f" on {held_out}"
    others = [quote_name(name) for name in variants if name not in (main, BEST_TRIVIAL, *CLAIM_ALIASES)]
    if main is None:
        equal = f"{' == '.join(others)} within {DEFAULT_MARGIN:g} on {write_metric(metric)}{where}"
        return [equal] if len(others) == 2 else []
    found = [
        sentence for sentence in default_sentences(rows, {}, metric, main) if trivial or BEST_TRIVIAL not in sentence
    ]
    return [
        *found,
        *(f"{_better(main, other, metric)} by {DEFAULT_MARGIN:g} on {write_metric(metric)}{where}" for other in others),
    ]


def against_trivial(variant: str, threshold: float, metric: str, split: str) -> str:
    """The claim that a variant exceeds the best trivial baseline, as a sentence; turned where lower is better."""
    above = f"{_better(variant, BEST_TRIVIAL, metric)} by {threshold:g} on {write_metric(metric)}"
    return above if split == "test" else f"{above} on {split}"


def _better(first: str, second: str, metric: str) -> str:
    return f"{first} > {second}" if metric_of(metric).higher_is_better else f"{second} > {first}"
