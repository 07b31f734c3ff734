"""A paragraph of methods, written from the settings in effect: models, data, seeds, budgets, selection, statistics."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from brittlestar.claims import sentences
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import choose_judgement
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import DEFAULTS, StudyRecord
from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.checklists import STREAM_NAMES, VARIED
from brittlestar.reports.headline_text import score_words
from brittlestar.reports.paper import wording
from brittlestar.reports.paper.names import Names
from brittlestar.reports.reading import Reading
from brittlestar.reports.words import latex_text, write_text
from brittlestar.study.claims import Claim, format_claim
from brittlestar.study.in_effect import describe_held, describe_seen, list_in_effect
from brittlestar.study.sides import with_names

CITED = re.compile(r" \[@([\w, @;]+)\]")
"""A citation in a sentence, after a blank: `[@holm1979]`, `[@one; @two]`."""


MOST_CLAIMS = 6  # so many verdicts are told in a paragraph (convention)


def write_sentences(reading: Reading, names: Names) -> list[str]:
    """The paragraph, a sentence each, with citations as `[@key]`; LaTeX escapes it later."""
    record = reading.record
    settings, of = list_in_effect(record, record.main), _map_settings(record, record.main)
    registered = [one for one in reading.judgements if one.registered]
    given = {name: is_given(one) for name, one in record.variants.items()}
    grows = not given[record.main] and any(one.path == "seeds" and one.origin == DEFAULTS[0] for one in settings)
    looks = {look.seeds for one in registered for look in one.path} if grows else set[int]()
    text = write_text(
        "methods.txt.j2",
        reading=reading,
        record=record,
        names=names,
        of=of,
        settings_of=partial(_map_settings, record),
        wording=wording,
        sentences=sentences,
        leaks=[one.summary for one in reading.findings if one.code.startswith("leak.") and one.severity == "error"],
        trained=_is_trained(reading, of),
        seen=describe_seen(settings),
        held=describe_held(settings),
        varied=[STREAM_NAMES[name] for name, mode in record.streams.items() if mode in VARIED],
        each={name: len(reading.done(name)) for name in record.variants},
        lost=sum(cell.state in ("failed", "lost") for cell in record.cells),
        diverged=sum(cell.outcome == "diverged" for cell in record.cells),
        score_words=score_words,
        registered=registered,
        looks=sorted(looks) if len(looks) > 1 else (),
        judged=[choose_judgement(one) for one in _list_told(reading)],
        rename_claim=partial(_rename_claim, names),
        given=given,
        scored_by=metric_of(reading.metric),
    )
    return [line for line in text.split("\n") if line]


def _map_settings(record: StudyRecord, variant: str) -> dict[str, Any]:
    """The settings of a variant that were in effect, by path; what a model turned out to be for `auto`."""
    found = list_in_effect(record, variant)
    return {one.path: one.read_back if one.path == "model.kind" and one.read_back else one.value for one in found}


def _list_told(reading: Reading) -> list[Judgement]:
    """The first verdicts on record, and that on main against the best trivial baseline."""
    told = list(reading.judgements[:MOST_CLAIMS])
    one = None if reading.numbers is None else reading.numbers.all.claim
    if one is not None and format_claim(one.claim) not in map(format_claim, (each.claim for each in told)):
        told.append(replace(one, registered=False))
    return told


def _rename_claim(names: Names, claim: Claim) -> Claim:
    """The claim with the names of the paper."""
    arm, other = (with_names(side, names) for side in (claim.arm, claim.other))
    return replace(claim, arm=arm, other=other, split=names.get(claim.split, claim.split))


def write_latex(sentences: Sequence[str]) -> str:
    """The paragraph as LaTeX, for the package natbib."""
    parts: list[str] = []
    for sentence in sentences:
        end = 0
        for found in CITED.finditer(sentence):
            keys = ",".join(key.strip(" @") for key in re.split("[;,]", found[1]))
            parts += [latex_text(f"{sentence[end : found.start()]}x")[:-1], f"~\\citep{{{keys}}}"]
            end = found.end()
        parts += [latex_text(f"x{sentence[end:]}")[1:], "\n"]
    return "".join(parts)


def find_keys(sentences: Sequence[str]) -> list[str]:
    """The keys that sentences cite, in their order, each once."""
    found = (key.strip(" @") for one in sentences for cited in CITED.findall(one) for key in re.split("[;,]", cited))
    return list(dict.fromkeys(found))


def _is_trained(reading: Reading, of: Mapping[str, Any]) -> bool:
    if of.get("model.predictions") or (of.get("model.own") and of.get("model.kind") in ("fit", "estimator")):
        return False
    return not all(cell.outcome in ("fitted", "imported") for cell in reading.done(reading.record.main))
