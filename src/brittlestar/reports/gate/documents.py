"""A gate in the formats of others: Markdown and annotations, and JUnit XML."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from brittlestar.core.code_pages import keep_ours, split_at_codes
from brittlestar.core.gating import OUTCOME_WORDS, GateOutcome, Requirement, SliceLine
from brittlestar.core.site import link_codes
from brittlestar.reports.gate.slices import SLICE_HEADINGS, list_cells, tell_slice
from brittlestar.reports.words import markdown_table, write_text

MARKS: dict[GateOutcome, str] = {"pass": "✅", "fail": "❌", "cannot-say": "❔"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for."""


def write_summary(requirements: Sequence[Requirement], outcome: GateOutcome, subject: str) -> str:
    """A heading with the outcome, and a table of requirements."""
    words = {"marks": MARKS, "words": OUTCOME_WORDS[outcome], "escape": _escape, "link": _link_text}
    asked = {
        "requirements": requirements,
        "outcome": outcome,
        "subject": subject,
        "explained": list_codes(requirements),
    }
    return write_text("gate.md.j2", **asked, **words, table=_write_slices)


def list_codes(requirements: Sequence[Requirement]) -> list[str]:
    """Codes with a page that are named where a requirement failed or is open, in their order."""
    bad = (requirement.sentence for requirement in requirements if requirement.outcome != "pass")
    return keep_ours(code for sentence in bad for code in split_at_codes(sentence)[1::2])


def _link_text(text: str) -> str:
    """Text as `_escape` has it, in which codes lead to their pages where the documentation's address is known."""
    return "".join(f"[{piece}]({place})" if place else piece for piece, place in link_codes(_escape(text)))


def _write_slices(lines: Sequence[SliceLine]) -> str:
    return markdown_table(SLICE_HEADINGS, map(list_cells, lines), 1)


def write_annotations(requirements: Sequence[Requirement]) -> list[str]:
    """Workflow commands of GitHub Actions: an error for each requirement that failed, a warning for each that is open,
    also where the policy lets it pass."""
    notes = (requirement for requirement in requirements if requirement.outcome != "pass" or requirement.was_open)
    return [
        f"::{'error' if note.outcome == 'fail' else 'warning'} title={_escape_property(f'brittlestar: {note.name}')}"
        f"::{_escape_data(note.sentence)}"
        for note in notes
    ]


def _escape(text: str) -> str:
    """Text as Markdown shows it in a cell: names and tokens are data, never markup."""
    flat = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>|~#!&])", r"\\\1", flat)


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def write_junit(requirements: Sequence[Requirement], subject: str) -> bytes:
    """The document, UTF-8. A failed requirement is a failure, one that is open an error of the type `cannot-say`, and
    skipped where the policy lets it pass."""
    skipped = sum(requirement.outcome == "pass" and requirement.was_open for requirement in requirements)
    failed, open_ = (
        sum(requirement.outcome == wanted for requirement in requirements) for wanted in ("fail", "cannot-say")
    )
    counts = {"tests": str(len(requirements)), "failures": str(failed), "errors": str(open_)}
    counts |= {"skipped": str(skipped)} if skipped else {}
    root = ElementTree.Element("testsuites", {"name": "brittlestar gate", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": _clean(f"brittlestar gate {subject}"), **counts})
    for requirement in requirements:
        case = ElementTree.SubElement(suite, "testcase", classname="brittlestar.gate", name=_clean(requirement.name))
        said = _clean(requirement.sentence)
        if requirement.outcome == "pass" and requirement.was_open:
            ElementTree.SubElement(case, "skipped", message=said)
        elif requirement.outcome == "pass":
            notes = [requirement.sentence, *map(tell_slice, requirement.lines)]
            ElementTree.SubElement(case, "system-out").text = _clean("\n".join(notes))
        else:
            tag = "failure" if requirement.outcome == "fail" else "error"
            lines = [requirement.sentence, *([f"Next: {requirement.next}"] if requirement.next else [])]
            lines += [
                f"{f.code} ({f.severity}; effect {f.effect_words}): {f.summary}\n  {f.remedy}".rstrip()
                for f in requirement.findings
            ]
            lines += map(tell_slice, requirement.lines)
            ElementTree.SubElement(case, tag, message=said, type=requirement.outcome).text = _clean("\n".join(lines))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
