"""The files for a paper, beside a study's report."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from brittlestar.claims.judgement import Judgement
from brittlestar.core.files import write_whole
from brittlestar.reports.paper.methods import find_keys, write_latex, write_sentences
from brittlestar.reports.paper.names import Names, name_variants
from brittlestar.reports.paper.table import NO_DIFFERENCES, TableRequest, write_table
from brittlestar.reports.reading import Reading

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
    reading: Reading, asked: PaperRequest, differences: Mapping[str, Judgement] = NO_DIFFERENCES
) -> dict[str, bytes]:
    """Files by name: `table.tex`, `methods.tex`, `methods.md` and `references.bib`; `differences` to the best trivial
    baseline, by variant, are of the first column of the table. Raises InputError for names that the study does not
    have."""
    asked = replace(asked, names={**name_variants(reading.record), **asked.names})
    return dict(_make_files(reading, asked, differences))


def write_paper(files: dict[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Write them whole into a folder. Raises OSError."""
    for name, content in files.items():
        write_whole(folder / name, content)
    return tuple(folder / name for name in files)


def _make_files(
    reading: Reading, asked: PaperRequest, differences: Mapping[str, Judgement]
) -> Iterator[tuple[str, bytes]]:
    if asked.table is not None:
        yield "table.tex", write_table(reading, asked.table, asked.names, differences).encode()
    if asked.methods:
        sentences = write_sentences(reading, asked.names)
        yield "methods.tex", write_latex(sentences).encode()
        yield "methods.md", (" ".join(sentences) + "\n").encode()
        yield "references.bib", write_bibliography(find_keys(sentences)).encode()


def write_bibliography(keys: Iterable[str]) -> str:
    """The entries of these keys, each once, in the order of the keys."""
    return "\n\n".join(ENTRIES[key] for key in dict.fromkeys(keys)) + "\n"
