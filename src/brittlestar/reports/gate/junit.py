"""A gate as JUnit XML: one test case a requirement, its findings with their remedies."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from brittlestar.core.gating import Requirement

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for."""


def write_junit(requirements: Sequence[Requirement], subject: str) -> bytes:
    """The document, UTF-8. A failed requirement is a failure, one that is open an error of the type `cannot-say`."""
    failed, open_ = (sum(one.outcome == wanted for one in requirements) for wanted in ("fail", "cannot-say"))
    counts = {"tests": str(len(requirements)), "failures": str(failed), "errors": str(open_)}
    root = ElementTree.Element("testsuites", {"name": "brittlestar gate", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": _clean(f"brittlestar gate {subject}"), **counts})
    for one in requirements:
        case = ElementTree.SubElement(suite, "testcase", classname="brittlestar.gate", name=_clean(one.name))
        if one.outcome == "pass":
            ElementTree.SubElement(case, "system-out").text = _clean(one.sentence)
            continue
        tag = "failure" if one.outcome == "fail" else "error"
        told = ElementTree.SubElement(case, tag, message=_clean(one.sentence), type=one.outcome)
        lines = [one.sentence, *([f"Next: {one.next}"] if one.next else [])]
        lines += [f"{f.code} ({f.severity}): {f.summary}\n  {f.remedy}".rstrip() for f in one.findings]
        told.text = _clean("\n".join(lines))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
