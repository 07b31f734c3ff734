"""Whether a document is as its schema says, and names nothing that its schema does not: every `--json` of the tests."""

import json
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

import brittlestar


def check_printed(arguments: Sequence[str], output: str) -> None:
    """Fail where what a command printed under `--json` is not one document, as the schema of the command has it."""
    document = json.loads(output)
    assert list(document)[:2] == ["schema_version", "headline"], list(document)
    check_document(document, name_document(arguments[0], document))
    for given in list_commands(document):
        shown = given.get("next", given.get("command", given.get("remedy"))) or ""
        said = shown.startswith("brittlestar ") or (given.get("code") and "`brittlestar " in shown)
        assert (shlex.join(given["argv"]) in shown) if said and given["argv"] else not said, given
        assert not {"STUDY", "DATA", "DIR", "FILE"} & {*(given["argv"] or ())}, given


def list_commands(document: Any) -> list[dict[str, Any]]:
    """Every part of a document that has `argv`."""
    parts = document.values() if isinstance(document, Mapping) else document if isinstance(document, list) else ()
    inner = [one for part in parts for one in list_commands(part)]
    return [document, *inner] if isinstance(document, dict) and "argv" in document else inner


def name_document(verb: str, document: Mapping[str, Any]) -> str:
    """The name of its schema: that of the verb, but where a verb has several documents."""
    others = {
        "error": "error",
        "matters": "reported-run",
        "as_run": "reported",
        "condition": "probe-rows",
        "worst": "dry-run",
    }
    named = next((name for key, name in others.items() if key in document), None)
    of_studies = {"run": "share" if "share" in document else "study", "report": "study"}
    return named or of_studies.get(verb, verb)


def check_document(document: Any, name: str) -> None:
    """Fail with every place where it is not as its schema says."""
    faults = _validator(name).iter_errors(json.loads(json.dumps(document)))
    found = [f"{fault.json_path}: {fault.message[:300]}" for fault in faults]
    assert not found, f"not as the schema {name!r} says (tests/formats has its types):\n" + "\n".join(found[:20])


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_close(brittlestar.schema(name)))


def _close(schema: Any) -> Any:
    """The schema without keys beside those that it names: users must allow more, and we name all."""
    if isinstance(schema, list):
        return [_close(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    closed = {key: _close(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if isinstance(schema.get("required"), list) else closed
