"""A paragraph of methods, written from the settings in effect: models, data, seeds, budgets, selection, statistics."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.checklists.facts import VARIED
from brittlestar.reports.checklists.limits import STREAM_NAMES
from brittlestar.reports.html import text_environment
from brittlestar.reports.paper.names import Names
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import latex_text
from brittlestar.statistics.metric_rows import is_additive
from brittlestar.study.claims import Claim, format_claim
from brittlestar.study.in_effect import describe_seen, list_in_effect
from brittlestar.study.units import count, unit_of

CITED = re.compile(r" \[@([\w, @;]+)\]")
"""A citation in a sentence, after a blank: `[@holm1979]`, `[@one; @two]`."""


DROPOUT = {"embedding": "embeddings", "encoder": "between layers", "head": "before the head"}
"""Where dropout stands, by the name of its setting."""


def write_sentences(reading: Reading, names: Names) -> list[str]:
    """The paragraph, a sentence each, with citations as `[@key]`."""
    made = text_environment(  # LaTeX escapes the paragraph later
        count=count,
        unit_of=unit_of,
        is_additive=is_additive,
        is_given=is_given,
        format_claim=partial(_format_claim, names),
    )
    made.filters["list_words"] = _list_words
    record = reading.record
    settings = list_in_effect(record, record.main)
    of = {one.path: one.value for one in settings}
    errors = {one.code for one in reading.findings if one.code.startswith("leak.") and one.severity == "error"}
    trained = _is_trained(reading, of)
    text = made.get_template("methods.txt.j2").render(
        reading=reading,
        names=names,
        of=of,
        leaks=sorted(errors),
        trained=trained,
        budget=[*_list_budget(of)] if trained else [],
        seen=describe_seen(settings),
        varied=[STREAM_NAMES[name] for name, mode in record.streams.items() if mode in VARIED],
        each={name: len(reading.done(name)) for name in record.variants},
        lost=sum(cell.state in ("failed", "lost") for cell in record.cells),
        diverged=sum(cell.outcome == "diverged" for cell in record.cells),
        registered=[one for one in reading.judgements if one.registered],
        **_describe_software(record.environment, all(is_given(one) for one in record.variants.values())),
    )
    return [line for line in text.split("\n") if line]


def _format_claim(names: Names, claim: Claim) -> str:
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


def _list_budget(of: Mapping[str, Any]) -> Iterator[str]:
    schedule, decay, clip = (of.get(f"training.{name}") for name in ("schedule.kind", "weight_decay", "clip"))
    yield f"learning rate {of['training.learning_rate']:g}{f' ({schedule})' if schedule else ''}"
    if decay:
        yield f"weight decay {decay:g}"
    yield f"batches of {of['training.batch_size']}"
    if clip:
        yield f"gradient norms clipped at {clip:g}"
    dropout = {path.rpartition(".")[2]: rate for path, rate in of.items() if path.startswith("model.dropout.") and rate}
    if dropout:
        yield f"dropout of {' and '.join(f'{rate:g} ({DROPOUT[name]})' for name, rate in dropout.items())}"


def _describe_software(environment: Mapping[str, Any], given: bool) -> dict[str, Any]:
    """What trained and scored; of given predictions nothing says on what device."""
    packages: Mapping[str, str] = environment.get("packages", {})
    known = {"brittlestar": "brittlestar {}", "numpy": "NumPy {}"}
    known |= {} if given else {"torch": "PyTorch {} [@paszke2019pytorch]"}
    cores = f"{environment.get('cores', '?')} cores of {environment.get('machine', '?')}"
    device = "" if given else environment.get("cuda_device") or cores
    return {
        "software": [text.format(packages[key]) for key, text in known.items() if key in packages],
        "device": device,
    }


def _list_words(parts: Sequence[Any]) -> str:
    words = [str(part) for part in parts]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
