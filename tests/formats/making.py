"""`src/brittlestar/schemas.json` from the types of this folder, and the records that documents have as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from brittlestar.reports.gate.policy import WrittenPolicy

from . import answers, records, studies, study

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS: Mapping[str, type] = {
    "study": study.Study, "probes-file": study.ProbesFile, "absent-file": study.AbsentFile, "share": study.Share,
    "audit": answers.Audit, "check": answers.Check, "judge": answers.Judge, "probe": answers.Probe,
    "probe-rows": answers.ProbeRows, "diagnose": answers.Diagnose, "forecast": answers.Forecasts,
    "gate": answers.Gate, "explain": answers.Explain, "new": studies.New, "split": studies.Split,
    "dry-run": studies.DryRun, "status": studies.Status, "export": studies.Export, "generate": studies.Generate,
    "error": studies.Error, "compare": records.Compare, "reported": records.Reported,
    "reported-run": records.ReportedRun, "seal": records.Seal, "verify": records.Verify,
}  # fmt: skip
"""Every document by the name of its schema."""
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def make_schemas() -> dict[str, Any]:
    """One file: a schema for each document under `$defs`, and for each part that documents share."""
    shapes: dict[str, type] = {}
    written: dict[str, Any] = {}

    def refer(kind: type, name: str) -> dict[str, Any]:
        if shapes.setdefault(name, kind) is not kind:
            raise ValueError(f"{name} names two types")
        if name not in written:
            written[name] = None  # a type may have itself within
            written[name] = describe_record(kind)
        return {"$ref": f"#/$defs/{name}"}

    def describe_record(kind: type) -> dict[str, Any]:
        hints = get_type_hints(kind, include_extras=True)
        named = [one.name for one in fields(kind)] if is_dataclass(kind) else list(hints)
        optional = {name for name in named if get_origin(hints[name]) is NotRequired}
        return {
            "type": "object",
            "description": " ".join(cleandoc(kind.__doc__ or "").split()),
            "properties": {name: describe(hints[name]) for name in named},
            "required": [name for name in named if name not in optional],
        }

    def describe(kind: Any) -> dict[str, Any]:
        origin, inner = get_origin(kind), get_args(kind)
        if kind is Any:
            return {}
        if kind in PLAIN:
            return {"type": PLAIN[kind]}
        if origin is NotRequired:
            return describe(inner[0])
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (UnionType, Union):
            if {*inner} <= {*PLAIN}:
                return {"type": [PLAIN[one] for one in inner]}
            return {"anyOf": [describe(one) for one in inner]}
        if origin is tuple and inner[-1] is not ...:
            same = describe(inner[0])
            return {"type": "array", "items": same, "minItems": len(inner), "maxItems": len(inner)}
        if origin in (tuple, list, Sequence):
            return {"type": "array", "items": describe(inner[0])}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": describe(inner[1])}
        if is_dataclass(kind) or is_typeddict(kind):
            return refer(kind, kind.__name__.removesuffix("Shape"))
        raise TypeError(f"no schema for {kind}")

    for name, kind in DOCUMENTS.items():
        refer(kind, name)
    written["gate-policy"] = WrittenPolicy.model_json_schema()
    return {"$schema": DIALECT, "$defs": {name: written[name] for name in sorted(written)}}
