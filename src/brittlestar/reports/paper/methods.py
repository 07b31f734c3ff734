"""A paragraph of methods, written from the settings in effect: models, data, seeds, budgets, selection, statistics."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from brittlestar.core.metrics import metric_of
from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.checklists import STREAM_NAMES, VARIED
from brittlestar.reports.paper.names import Names
from brittlestar.reports.reading import Reading
from brittlestar.reports.words import latex_text, write_text
from brittlestar.study.claims import Claim, format_claim
from brittlestar.study.in_effect import describe_seen, list_in_effect

CITED = re.compile(r" \[@([\w, @;]+)\]")
"""A citation in a sentence, after a blank: `[@holm1979]`, `[@one; @two]`."""


def write_sentences(reading: Reading, names: Names) -> list[str]:
    """The paragraph, a sentence each, with citations as `[@key]`; LaTeX escapes it later."""
    record = reading.record
    settings = list_in_effect(record, record.main)
    of = {one.path: one.value for one in settings}
    errors = {one.code for one in reading.findings if one.code.startswith("leak.") and one.severity == "error"}
    text = write_text(
        "methods.txt.j2",
        reading=reading,
        record=record,
        names=names,
        of=of,
        leaks=sorted(errors),
        trained=_is_trained(reading, of),
        seen=describe_seen(settings),
        varied=[STREAM_NAMES[name] for name, mode in record.streams.items() if mode in VARIED],
        each={name: len(reading.done(name)) for name in record.variants},
        lost=sum(cell.state in ("failed", "lost") for cell in record.cells),
        diverged=sum(cell.outcome == "diverged" for cell in record.cells),
        registered=[one for one in reading.judgements if one.registered],
        given={name: is_given(one) for name, one in record.variants.items()},
        is_additive=metric_of(reading.metric).additive,
        name_claim=partial(_name_claim, names),
    )
    return [line for line in text.split("\n") if line]


def _name_claim(names: Names, claim: Claim) -> str:
    return format_claim(replace(claim, arm=names.get(claim.arm, claim.arm), other=names.get(claim.other, claim.other)))


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
