"""The files for a paper, beside a study's report, and the paragraph of methods, from the settings in effect."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.claims import sentences
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import choose_judgement
from brittlestar.core.files import write_whole
from brittlestar.core.findings import Finding
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import DEFAULTS, StudyRecord
from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.headline_text import score_words
from brittlestar.reports.paper import wording
from brittlestar.reports.paper.limits import write_limits
from brittlestar.reports.paper.names import Names, name_variants
from brittlestar.reports.paper.table import NO_DIFFERENCES, TableRequest, write_table
from brittlestar.reports.study_view import StudyView
from brittlestar.reports.words import latex_text, write_text
from brittlestar.study.claims import Claim, format_claim
from brittlestar.study.in_effect import describe_held, describe_seen, fits_itself, list_in_effect
from brittlestar.study.sides import with_names

CITED = re.compile(r" \[@([\w, @;]+)\]")
"""A citation in a sentence, after a blank: `[@holm1979]`, `[@one; @two]`."""


MOST_CLAIMS = 6  # so many verdicts are told in a paragraph (convention)


def write_sentences(reading: StudyView, names: Names) -> list[str]:
    """The paragraph, a sentence each, with citations as `[@key]`; LaTeX escapes it later."""
    record = reading.record
    settings, of = list_in_effect(record, record.main), _map_settings(record, record.main)
    registered = [judgement for judgement in reading.judgements if judgement.registered]
    given = {name: is_given(variant) for name, variant in record.variants.items()}
    grows = not given[record.main] and any(
        setting.path == "seeds" and setting.origin == DEFAULTS[0] for setting in settings
    )
    copies = _list_copies(reading)
    looks = {look.seeds for judgement in registered for look in judgement.path} if grows else set[int]()
    text = write_text(
        "methods.txt.j2",
        reading=reading,
        record=record,
        names=names,
        of=of,
        settings_of=partial(_map_settings, record),
        wording=wording,
        sentences=sentences,
        copies=copies,
        leaks=[
            finding.summary
            for finding in reading.findings
            if finding.code.startswith("leak.")
            and finding.severity == "error"
            and all(finding is not one for one, _ in copies)
        ],
        trained=_is_trained(reading, of),
        fits=fits_itself(record.variants[record.main], record.cells_of(record.main)),
        seen=describe_seen(settings),
        held=describe_held(settings),
        inert=[finding for finding in reading.findings if finding.code == "seed.inert"],
        same=[names.get(name, name) for name in record.variants if reading.scores_alike(name, reading.split)],
        varied=[wording.STREAM_NAMES[name] for name, mode in record.streams.items() if mode in wording.VARIED],
        each={name: len(reading.done(name)) for name in record.variants},
        lost=sum(cell.state in ("failed", "lost") for cell in record.cells),
        diverged=sum(cell.outcome == "diverged" for cell in record.cells),
        score_words=score_words,
        registered=registered,
        looks=sorted(looks) if len(looks) > 1 else (),
        judged=[choose_judgement(judgement) for judgement in _list_told(reading)],
        rename_claim=partial(_rename_claim, names),
        given=given,
        scored_by=metric_of(reading.metric),
    )
    return [line for line in text.split("\n") if line]


def _map_settings(record: StudyRecord, variant: str) -> dict[str, Any]:
    """The settings of a variant that were in effect, by path; what a model turned out to be for `auto`."""
    found = list_in_effect(record, variant)
    return {
        setting.path: setting.read_back if setting.path == "model.kind" and setting.read_back else setting.value
        for setting in found
    }


def _list_copies(reading: StudyView) -> list[tuple[Finding, str]]:
    """What was counted of copies among the rows of the headline split, none found included, with its words."""
    words: Mapping[str, str] = wording.read_wording()["copies"]
    counted = {
        finding.code: finding
        for finding in reading.findings
        if finding.where.get("split") == reading.split and "rows_concerned" in finding.evidence
    }
    return [(counted[code], told) for code, told in words.items() if code in counted]


def _list_told(reading: StudyView) -> list[Judgement]:
    """The first verdicts on record, and that on main against the best trivial baseline."""
    notes = list(reading.judgements[:MOST_CLAIMS])
    one = None if reading.numbers is None else reading.numbers.all.claim
    if one is not None and format_claim(one.claim) not in map(format_claim, (each.claim for each in notes)):
        notes.append(replace(one, registered=False))
    return notes


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
    found = (
        key.strip(" @")
        for sentence in sentences
        for cited in CITED.findall(sentence)
        for key in re.split("[;,]", cited)
    )
    return list(dict.fromkeys(found))


def _is_trained(reading: StudyView, of: Mapping[str, Any]) -> bool:
    if of.get("model.predictions") or (of.get("model.own") and of.get("model.kind") in ("fit", "estimator")):
        return False
    return not all(cell.outcome in ("fitted", "imported") for cell in reading.done(reading.record.main))


ENTRIES: Mapping[str, str] = {
    entry.partition("{")[2].partition(",")[0]: entry
    for entry in Path(__file__).with_name("references.bib").read_text(encoding="utf-8").strip().split("\n\n")
}
"""What may be cited, by key."""


@dataclass(frozen=True)
class PaperRequest:
    """What is asked for: a table, a paragraph of methods, and names in the paper."""

    table: TableRequest | None = None
    methods: bool = False
    names: Names = field(default_factory=dict[str, str])


def make_paper(
    reading: StudyView, asked: PaperRequest, differences: Mapping[str, Judgement] = NO_DIFFERENCES
) -> dict[str, bytes]:
    """Files by name: `table.tex`, `methods.tex`, `methods.md`, `references.bib` and `limits.md`; `differences` to the
    best trivial baseline, by variant, are of the first column of the table. Raises InputError for names that the study
    does not have."""
    asked = replace(asked, names={**name_variants(reading.record), **asked.names})
    return dict(_make_files(reading, asked, differences))


def write_paper(files: dict[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Write them whole into a folder. Raises OSError."""
    for name, content in files.items():
        write_whole(folder / name, content)
    return tuple(folder / name for name in files)


def _make_files(
    reading: StudyView, asked: PaperRequest, differences: Mapping[str, Judgement]
) -> Iterator[tuple[str, bytes]]:
    if asked.table is not None:
        yield "table.tex", write_table(reading, asked.table, asked.names, differences).encode()
    if asked.methods:
        sentences = write_sentences(reading, asked.names)
        yield "methods.tex", write_latex(sentences).encode()
        yield "methods.md", (" ".join(sentences) + "\n").encode()
        yield "references.bib", write_bibliography(find_keys(sentences)).encode()
        yield "limits.md", write_limits(reading).encode()


def write_bibliography(keys: Iterable[str]) -> str:
    """The entries of these keys, each once, in the order of the keys."""
    return "\n\n".join(ENTRIES[key] for key in dict.fromkeys(keys)) + "\n"
