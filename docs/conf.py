"""The site: `make site`, which is `sphinx-build -W docs build/site`.

Pages that code decides (commands, findings, Python) are written before each build; git ignores them.
"""

import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes

import brittlestar

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.reference_pages import reference_pages

project = "brittlestar"
copyright = "The brittlestar authors, Apache-2.0"
release = brittlestar.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["*.py"]

html_theme = "furo"
html_title = f"brittlestar {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False

myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # a grammar in a code block is no program

smartquotes = False  # two dashes begin an option
default_role = "literal"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False

FORM = re.compile(r"^( +\w+) \((?:[^()]|\([^()]*\))*\): ")
"""How an option is given on the command line, in the docstring of a verb."""


def keep_to_python(_app: Any, _what: str, _name: str, _of: Any, _options: Any, lines: list[str]) -> None:
    """Leave out what a verb says of the command: its section, and the forms of options."""
    lines[:] = [FORM.sub(r"\1: ", line) for line in lines]
    if "Command:" in lines:
        start = lines.index("Command:")
        ends = [k for k in range(start + 1, len(lines)) if lines[k] and not lines[k].startswith(" ")]
        del lines[start : ends[0] if ends else len(lines)]


def draw_dashes(_app: Any, tree: nodes.document) -> None:
    """What stands between a parameter and its text is two hyphens where quotes and dashes are left as written."""
    for text in [text for text in tree.findall(nodes.Text) if text == " -- "]:
        text.parent.replace(text, nodes.Text(": "))


def write_reference(_app: Any) -> None:
    """Write the pages that code decides, and take away those of names that are gone."""
    pages = reference_pages()
    for folder in {path.parent for path in pages}:
        folder.mkdir(parents=True, exist_ok=True)
        for old in set(folder.glob("*.md")) - set(pages):
            old.unlink()
    for path, text in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")


def setup(app: Any) -> None:
    """Connect all three to the build."""
    app.connect("builder-inited", write_reference)
    app.connect("doctree-read", draw_dashes)
    app.connect("autodoc-process-docstring", keep_to_python, priority=400)
