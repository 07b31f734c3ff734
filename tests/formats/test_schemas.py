"""Schemas are what the types say, stand alone, and change announced. `checking.py` holds documents to them."""

import hashlib
import json
import os
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import brittlestar
from brittlestar.core.errors import InputError
from brittlestar.core.hashing import lined_json
from tests.formats.checking import check_document
from tests.formats.making import DOCUMENTS, make_schemas
from tests.transcript import ROOT
from tests.zoo import Zoo

FILE, LINES = ROOT / "src" / "brittlestar" / "schemas.json", 4
CHANGELOG = ROOT / "CHANGELOG.md"


def test_the_file_has_what_the_types_say() -> None:
    made = lined_json(make_schemas(), LINES)
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        FILE.write_bytes(made)
    assert FILE.read_bytes() == made, "a type changed: UPDATE_SNAPSHOTS=1 writes the schemas anew"


def test_a_change_of_schemas_is_announced() -> None:
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]
    newest = re.split(r"^## ", CHANGELOG.read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    announced = newest.partition("\n### Formats\n")[2].partition("\n### ")[0]
    assert digest in announced, f"schemas.json changed: say what did under Formats in CHANGELOG.md, with its {digest}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_stands_alone(name: str) -> None:
    schema = brittlestar.schema(name)
    Draft202012Validator.check_schema(schema)
    assert {"schema_version", "headline"} <= {*schema["required"]}
    named = {*re.findall(r"#/\$defs/([^\"]+)", json.dumps(schema))}
    assert named == {*schema["$defs"]}


def test_a_document_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match=r"schema: there is no document 'studdy'; did you mean 'study'\?"):
        brittlestar.schema("studdy")


def test_a_key_that_no_schema_names_is_allowed_to_users() -> None:
    document = {"schema_version": 1, "headline": None, "study": "a.yaml", "later": 1}
    assert Draft202012Validator(brittlestar.schema("new")).is_valid(document)
    with pytest.raises(AssertionError, match="'later' was unexpected"):
        check_document(document, "new")
    with pytest.raises(AssertionError, match="is not of type 'string'"):
        check_document({**document, "study": None}, "new")


@pytest.mark.parametrize("animal", ["trained", "given", "failed", "probed"])
def test_the_files_of_a_report_are_documents(zoo: Zoo, animal: str) -> None:
    folder = zoo.find(animal) / "data.study" / "report"
    results: Any = json.loads((folder / "results.json").read_bytes())
    check_document(results, "study")
    for kind, name in results["files"].items():
        check_document(json.loads((folder / name).read_bytes()), f"{kind}-file")
