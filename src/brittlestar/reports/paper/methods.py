"""A paragraph of methods, written from the settings in effect: models, data, seeds, budgets, selection, statistics."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from brittlestar.core.results import VariantRecord
from brittlestar.reports.checklists.limits import STREAM_NAMES
from brittlestar.reports.paper.names import Names
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import latex_text
from brittlestar.statistics.metric_sums import is_additive
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

CITED = re.compile(r" \[@([\w, @;]+)\]")
"""A citation in a sentence, after a blank: `[@holm1979]`, `[@one; @two]`."""
FAMILIES = {
    "lstm": "LSTM [@hochreiter1997lstm]",
    "gru": "GRU [@cho2014gru]",
    "transformer": "Transformer encoder [@vaswani2017attention]",
    "mean": "mean of token embeddings with a linear head",
    "bag": "bag of tokens with a linear head",
}
OPTIMISERS = {"adam": "Adam [@kingma2015adam]", "adamw": "AdamW [@loshchilov2019adamw]", "sgd": "SGD"}
RECURRENT = ("lstm", "gru")
MOST_CLAIMS = 6
"""Claims that a paragraph quotes (convention)."""


def write_sentences(reading: Reading, names: Names) -> list[str]:
    """The paragraph, a sentence each, with citations as `[@key]`."""
    return [
        *_describe_data(reading, names),
        *_describe_models(reading, names),
        *_describe_training(reading),
        *_describe_seeds(reading, names),
        *_describe_scores(reading),
        *_describe_claims(reading),
        *_describe_software(reading),
    ]


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


def _settings(variant: VariantRecord) -> dict[str, Any]:
    return {one.path: one.value for one in variant.settings}


def _is_given(variant: VariantRecord) -> bool:
    """Whether a variant is predictions: nobody here knows what its seeds vary, or what trained it."""
    return bool(_settings(variant).get("model.predictions"))


def _describe_data(reading: Reading, names: Names) -> Iterator[str]:
    record = reading.record
    sizes = ", ".join(f"{names.get(name, name)} {one.rows:,}" for name, one in record.splits.items())
    yield f"The data have {count(len(record.classes), 'class', 'classes')} and these splits, in rows: {sizes}."
    leaks = sorted({one.code for one in reading.findings if one.code.startswith("leak.") and one.severity == "error"})
    if leaks:
        yield f"The data audit reports {', '.join(leaks)}."
    elif record.audit is not None:
        yield "The data audit found no error about leaks between splits."


def _describe_models(reading: Reading, names: Names) -> Iterator[str]:
    for name, variant in reading.record.variants.items():
        if name == reading.record.main:
            size = "" if variant.parameters is None else f" ({variant.parameters:,} parameters)"
            yield f"The model under test, {names.get(name, name)}, is {_describe_model(_settings(variant))}{size}."
        elif _is_given(variant):
            yield f"The variant {names.get(name, name)} is given by its predictions."
        else:
            changed = ", ".join(f"{path} = {value}" for path, value in variant.changes.items())
            yield f"The variant {names.get(name, name)} differs from it in {changed or 'its model'}."


def _describe_model(of: Mapping[str, Any]) -> str:
    if of.get("model.predictions"):
        return "given by its predictions"
    if of.get("model.own"):
        return f"our own ({of['model.own']})"
    family = of["model.family"]
    known = FAMILIES[family]
    if family in RECURRENT:
        article = "an" if family == "lstm" and not of["model.bidirectional"] else "a"
        ways = "bidirectional " if of["model.bidirectional"] else ""
        layers = count(of["model.layers"], "layer")
        known = f"{article} {ways}{known} with {layers} of {of['model.hidden']} units and {of['model.pooling']} pooling"
    elif family == "transformer":
        layers, heads = count(of["model.layers"], "layer"), count(of["model.heads"], "head")
        known = f"a {known} with {layers}, {heads}, width {of['model.hidden']} and {of['model.pooling']} pooling"
    else:
        known = f"a {known}"
    embedding = f"token embeddings of dimension {of['model.embedding.dim']} ({of['model.embedding.mode']})"
    return f"{known}, over {embedding}"


def _describe_training(reading: Reading) -> Iterator[str]:
    of = _settings(reading.record.variants[reading.record.main])
    if of.get("model.predictions") or (of.get("model.own") and of.get("model.kind") in ("fit", "estimator")):
        return
    if all(cell.outcome in ("fitted", "imported") for cell in reading.done(reading.record.main)):
        return
    optimiser, rate = OPTIMISERS[of["training.optimiser"]], of["training.learning_rate"]
    schedule, decay, clip = (of.get(f"training.{name}") for name in ("schedule.kind", "weight_decay", "clip"))
    facts = [
        f"learning rate {rate:g}{f' ({schedule})' if schedule else ''}",
        *([f"weight decay {decay:g}"] if decay else []),
        f"batches of {of['training.batch_size']}",
        *([f"gradient norms clipped at {clip:g}"] if clip else []),
    ]
    yield f"It was trained for {count(of['training.epochs'], 'epoch')} with {optimiser}, {_join(facts)}."
    if "training.selection.metric" not in of:
        return
    metric = unit_of(of["training.selection.metric"])
    best = "lowest" if metric.lower_is_better else "highest"
    stopping = of.get("training.early_stopping")
    patience = of.get("training.early_stopping.patience")
    stopped = f", with early stopping after {patience} epochs" if stopping is not None or patience else ""
    yield f"The checkpoint with the {best} {metric.name} on {of['training.selection.split']} was kept{stopped}."


def _describe_seeds(reading: Reading, names: Names) -> Iterator[str]:
    record = reading.record
    each = {name: len(reading.done(name)) for name in record.variants}
    varied = [STREAM_NAMES[name] for name, mode in record.streams.items() if mode in ("varied", "crossed")]
    what = f", which vary {_join(varied)}" if varied and not _is_given(record.variants[record.main]) else ""
    if len(set(each.values())) == 1:
        yield f"Each variant was run from {count(next(iter(each.values())), 'seed')}{what}."
    else:
        told = ", ".join(f"{names.get(name, name)} {n}" for name, n in each.items())
        yield f"Seeds a variant: {told}{what}."
    states = [cell.state for cell in record.cells if cell.state in ("failed", "lost")]
    diverged = sum(cell.outcome == "diverged" for cell in record.cells)
    if states or diverged:
        lost = f"{count(len(states), 'run')} failed or got lost"
        yield f"{lost}, and {diverged:,} diverged and count at the majority class."


def _describe_scores(reading: Reading) -> Iterator[str]:
    unit = unit_of(reading.metric)
    shown = f" in {unit.unit}" if unit.unit else ""
    yield f"Scores are {unit.name}{shown} on {reading.split}, as means over seeds."
    crossed = "cross both as random effects, with degrees of freedom after Satterthwaite [@satterthwaite1946]"
    how = crossed if is_additive(reading.metric) else "are bootstrapped over both"
    yield f"Intervals for new rows and new seeds {how}; those for these very rows are t intervals over seeds."


def _describe_claims(reading: Reading) -> Iterator[str]:
    judged = reading.judgements
    if not judged:
        return
    registered = [one for one in judged if one.registered]
    if registered:
        many = f"{count(len(registered), 'claim')} {'was' if len(registered) == 1 else 'were'}"
        shared = " and share an error rate of 5 %" if len(registered) > 1 else ""
        yield f"{many} registered before the first run{shared}."
    looks = registered[0].claim.looks if registered else ()
    if len(looks) > 1:
        planned = _join([f"{look}" for look in looks])
        which = "It is" if len(registered) == 1 else "They are"
        yield f"{which} judged at {planned} seeds, with Pocock limits [@pocock1977]."
    elif len(registered) > 1:
        yield "Levels follow Holm [@holm1979]."
    yield "; ".join(f"{format_claim(one.claim)}: {one.verdict}" for one in judged[:MOST_CLAIMS]) + "."


def _describe_software(reading: Reading) -> Iterator[str]:
    environment = reading.record.environment
    packages: Mapping[str, str] = environment.get("packages", {})
    known = (("brittlestar", "brittlestar"), ("numpy", "NumPy"))
    named = [f"{label} {packages[key]}" for key, label in known if key in packages]
    if all(_is_given(variant) for variant in reading.record.variants.values()):
        yield f"Software: {_join(named)}, Python {environment.get('python', '?')}."
        return
    torch = [f"PyTorch {packages['torch']} [@paszke2019pytorch]"] if "torch" in packages else []
    cores = f"{environment.get('cores', '?')} cores of {environment.get('machine', '?')}"
    device = environment.get("cuda_device") or cores
    yield f"Software: {_join([*named, *torch])}, Python {environment.get('python', '?')}; hardware: {device}."


def _join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
