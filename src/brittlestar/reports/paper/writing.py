"""The files for a paper, beside a study's report."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from brittlestar.core.files import write_whole
from brittlestar.reports.figures.gallery import gallery
from brittlestar.reports.paper.figures import FigureSize, fit_svg, to_pdf
from brittlestar.reports.paper.methods import find_keys, write_latex, write_sentences
from brittlestar.reports.paper.names import Names
from brittlestar.reports.paper.table import TableRequest, write_table
from brittlestar.reports.reading import Reading

ENTRIES: Mapping[str, str] = {
    "hochreiter1997lstm": """@article{hochreiter1997lstm,
  author = {Hochreiter, Sepp and Schmidhuber, J{\\"u}rgen},
  title = {Long Short-Term Memory},
  journal = {Neural Computation}, volume = {9}, number = {8}, pages = {1735--1780}, year = {1997}
}""",
    "cho2014gru": """@inproceedings{cho2014gru,
  author = {Cho, Kyunghyun and van Merri{\\"e}nboer, Bart and Gulcehre, Caglar and Bahdanau, Dzmitry and Bougares, Fethi
            and Schwenk, Holger and Bengio, Yoshua},
  title = {Learning Phrase Representations using {RNN} Encoder--Decoder for Statistical Machine Translation},
  booktitle = {Proceedings of EMNLP}, pages = {1724--1734}, year = {2014}
}""",
    "vaswani2017attention": """@inproceedings{vaswani2017attention,
  author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and Jones, Llion and Gomez, Aidan N.
            and Kaiser, {\\L}ukasz and Polosukhin, Illia},
  title = {Attention Is All You Need},
  booktitle = {Advances in Neural Information Processing Systems}, volume = {30}, year = {2017}
}""",
    "kingma2015adam": """@inproceedings{kingma2015adam,
  author = {Kingma, Diederik P. and Ba, Jimmy},
  title = {Adam: A Method for Stochastic Optimization},
  booktitle = {International Conference on Learning Representations}, year = {2015}
}""",
    "loshchilov2019adamw": """@inproceedings{loshchilov2019adamw,
  author = {Loshchilov, Ilya and Hutter, Frank},
  title = {Decoupled Weight Decay Regularization},
  booktitle = {International Conference on Learning Representations}, year = {2019}
}""",
    "satterthwaite1946": """@article{satterthwaite1946,
  author = {Satterthwaite, Franklin E.},
  title = {An Approximate Distribution of Estimates of Variance Components},
  journal = {Biometrics Bulletin}, volume = {2}, number = {6}, pages = {110--114}, year = {1946}
}""",
    "pocock1977": """@article{pocock1977,
  author = {Pocock, Stuart J.},
  title = {Group Sequential Methods in the Design and Analysis of Clinical Trials},
  journal = {Biometrika}, volume = {64}, number = {2}, pages = {191--199}, year = {1977}
}""",
    "holm1979": """@article{holm1979,
  author = {Holm, Sture},
  title = {A Simple Sequentially Rejective Multiple Test Procedure},
  journal = {Scandinavian Journal of Statistics}, volume = {6}, number = {2}, pages = {65--70}, year = {1979}
}""",
    "paszke2019pytorch": """@inproceedings{paszke2019pytorch,
  author = {Paszke, Adam and Gross, Sam and Massa, Francisco and Lerer, Adam and Bradbury, James and others},
  title = {{PyTorch}: An Imperative Style, High-Performance Deep Learning Library},
  booktitle = {Advances in Neural Information Processing Systems}, volume = {32}, year = {2019}
}""",
}


@dataclass(frozen=True)
class PaperRequest:
    """What is asked for: a table, figures at their final size, a paragraph of methods; and names in the paper."""

    table: TableRequest | None = None
    figures: FigureSize | None = None
    methods: bool = False
    names: Names = field(default_factory=dict[str, str])


def make_paper(reading: Reading, asked: PaperRequest) -> dict[str, bytes]:
    """Files by name: `table.tex`, `methods.tex`, `methods.md`, `references.bib`, `figures/NAME.svg` and `.pdf`. Raises
    InputError for names and sizes that do not fit, MissingExtraError for figures without vl-convert."""
    return dict(_make_files(reading, asked))


def write_paper(files: dict[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Write them whole into a folder. Raises OSError."""
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, content)
    return tuple(folder / name for name in files)


def _make_files(reading: Reading, asked: PaperRequest) -> Iterator[tuple[str, bytes]]:
    if asked.table is not None:
        yield "table.tex", write_table(reading, asked.table, asked.names).encode()
    if asked.methods:
        sentences = write_sentences(reading, asked.names)
        yield "methods.tex", write_latex(sentences).encode()
        yield "methods.md", (" ".join(sentences) + "\n").encode()
        yield "references.bib", write_bibliography(find_keys(sentences)).encode()
    if asked.figures is not None:
        for name, figure in gallery(reading).items():
            text = fit_svg(figure, asked.figures, asked.names, reading)
            yield f"figures/{name}.svg", text.encode()
            yield f"figures/{name}.pdf", to_pdf(text)


def write_bibliography(keys: Iterable[str]) -> str:
    """The entries of these keys, each once, in the order of the keys."""
    return "\n\n".join(ENTRIES[key] for key in dict.fromkeys(keys)) + "\n"
