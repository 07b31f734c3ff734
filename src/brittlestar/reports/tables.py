"""Results and verdicts as tables for a paper: the cells of each, as plain text, and the templates that lay them out."""

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import describe_level, describe_population
from brittlestar.reports.claim_cards import describe_power
from brittlestar.reports.reading import Reading
from brittlestar.reports.words import write_text
from brittlestar.study.claims import format_claim
from brittlestar.study.units import unit_of

VERDICTS = ("claim", "verdict", "relation", "difference", "interval", "level", "seeds", "rows", "population")


def write_tables(reading: Reading, ending: str) -> str:
    """One table for each split (`.md`, or `.tex` with booktabs): mean and interval per metric, n, and the majority
    class in the first row."""
    record = reading.record
    tables = [(name, split.rows, *list_cells(reading, name)) for name, split in record.splits.items()]
    return write_text(f"tables{ending}.j2", name=record.name, tables=tables, variants=record.variants)


def list_cells(reading: Reading, split: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of one split as plain text; the first row is the majority class."""
    units = {metric: unit_of(metric) for metric in reading.record.metrics}
    header = ["variant", "n", *(f"{unit.name} ({unit.unit})" for unit in units.values())]
    trivial = (unit.number(reading.majority(split, metric)) for metric, unit in units.items())
    rows = [["majority class", "", *trivial]]
    for name, variant in reading.record.variants.items():
        title = name if variant.title == name else f"{name} ({variant.title})"
        entries = {metric: reading.entry(name, split, metric) for metric in units}
        scores = (unit.estimate(entries[one]["mean"], entries[one]["interval"]) for one, unit in units.items())
        mark = " ‡" if variant.unequal_budget else ""
        rows.append([title + mark, f"{len(reading.done(name))} of {len(reading.record.cells_of(name))}", *scores])
    return header, rows


def write_verdicts(reading: Reading, ending: str) -> str:
    """Every claim on record in one table (`.md`, or `.tex` with booktabs), and below it what became of each."""
    found = reading.judgements
    said = [f"{format_claim(one.claim)}. {one.sentence} {describe_power(one)}".strip() for one in found]
    return write_text(
        f"verdicts{ending}.j2", head=VERDICTS, rows=[_list_verdict(one) for one in found], paragraphs=said
    )


def _list_verdict(one: Judgement) -> tuple[str, ...]:
    unit = unit_of(one.claim.metric)
    return (
        format_claim(one.claim),
        one.verdict + ("" if one.registered else " (exploratory)"),
        one.relation,
        unit.number(one.estimate, sign=True),
        unit.interval(one.interval, sign=True) or "–",
        describe_level(one.level),
        str(one.seeds),
        "–" if one.rows is None else f"{one.rows:,}",
        describe_population(one.population, one.seeds),
    )
