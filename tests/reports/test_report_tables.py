import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from brittlestar.reports.study_view import make_reading
from brittlestar.reports.words import latex_text, markdown_text
from brittlestar.reports.write import list_cells, write_tables

from .example import METRICS, example

SPECIALS = r"a_b & 50% #1 $x$ {y} ~ ^ \ <script> | *bold* [z]"


def test_rows_are_the_majority_and_every_variant() -> None:
    header, rows = list_cells(make_reading(example(), ()), "test")
    assert header[:3] == ["variant", "n", "accuracy (points)"]
    assert rows[0][:3] == ["majority class", "", "50.3"]
    assert [row[0].split(" ")[0] for row in rows[1:]] == list(example().variants)
    assert all(len(row) == len(METRICS) + 2 for row in rows)
    main = rows[1]
    assert main[1] == "5 of 5"
    assert re.fullmatch(r"77\.5 \[76\.8, 78\.1\]", main[-1])
    assert rows[-1][1] == "4 of 5"


def test_markdown_has_one_table_for_each_split_and_no_live_html() -> None:
    record = example()
    hostile = {name: replace(v, title=SPECIALS, unequal_budget=SPECIALS) for name, v in record.variants.items()}
    text = write_tables(make_reading(replace(record, name=SPECIALS, variants=hostile), ()), ".md")
    assert text.count("| --- | --- |") == len(record.splits)
    assert "<script>" not in text
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")}
    assert widths == {len(METRICS) + 3}


def test_escapes() -> None:
    assert markdown_text("a|b <i> `c`\nd") == r"a\|b &lt;i&gt; \`c\` d"
    assert latex_text(r"50% of a_b & \c") == r"50\% of a\_b \& \textbackslash{}c"
    assert (
        latex_text("{x}^2~$#<>|") == r"\{x\}\textasciicircum{}2\textasciitilde{}\$\#\textless{}\textgreater{}\textbar{}"
    )


def test_latex_is_balanced_and_every_row_ends() -> None:
    record = example()
    hostile = {name: replace(v, title=SPECIALS, unequal_budget=SPECIALS) for name, v in record.variants.items()}
    text = write_tables(make_reading(replace(record, name=SPECIALS, variants=hostile), ()), ".tex")
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert text.count(r"\toprule") == text.count(r"\bottomrule") == text.count(r"\begin{table}") == len(record.splits)
    body = [line for line in text.splitlines() if line.startswith("    ") and "&" in line]
    assert len(body) == (len(record.variants) + 2) * len(record.splits)
    assert all(len(re.findall(r"(?<!\\)&", line)) == len(METRICS) + 1 for line in body)
    assert not re.search(r"(?<!\\)[%#]", re.sub(r"(?m)^%.*$", "", text))


@pytest.mark.skipif(shutil.which("lualatex") is None, reason="no LaTeX on this machine")
def test_latex_compiles(tmp_path: Path) -> None:
    text = write_tables(make_reading(replace(example(), name=SPECIALS), ()), ".tex")
    source = "\\documentclass{article}\\usepackage{booktabs}\\begin{document}" + text + "\\end{document}"
    (tmp_path / "t.tex").write_text(source, encoding="utf-8")
    subprocess.run(["lualatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"], cwd=tmp_path, check=True)
