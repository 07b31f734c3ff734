"""Stress-tests sequence classifiers: is the result real, and will it hold?

Verbs are functions here, rooms of the house are modules; heavy parts load on first use.
"""

import importlib
import inspect
from typing import TYPE_CHECKING, Any

__version__: str

if TYPE_CHECKING:
    from brittlestar.claims.judgement import Judgement as Judgement
    from brittlestar.core.checks import Check as Check
    from brittlestar.core.documents import schema as schema
    from brittlestar.core.errors import BrittlestarError as BrittlestarError
    from brittlestar.core.errors import InputError as InputError
    from brittlestar.core.errors import RunError as RunError
    from brittlestar.core.errors import StoreError as StoreError
    from brittlestar.core.findings import Finding as Finding
    from brittlestar.core.own_metrics import own_metric as own_metric
    from brittlestar.core.results import StudyRecord as StudyRecord
    from brittlestar.pipeline.diagnose_result import DiagnoseResult as DiagnoseResult
    from brittlestar.pipeline.forecast_store import ForecastResult as ForecastResult
    from brittlestar.pipeline.probe_result import ProbeResult as ProbeResult
    from brittlestar.probes.own import own_probe as own_probe
    from brittlestar.reports.paper.table import TableRequest as TableRequest
    from brittlestar.verbs.audit import AuditResult as AuditResult
    from brittlestar.verbs.audit import audit as audit
    from brittlestar.verbs.check import CheckResult as CheckResult
    from brittlestar.verbs.check import check as check
    from brittlestar.verbs.compare import CompareResult as CompareResult
    from brittlestar.verbs.compare import compare as compare
    from brittlestar.verbs.diagnose import diagnose as diagnose
    from brittlestar.verbs.diagnose_history import diagnose_history as diagnose_history
    from brittlestar.verbs.explain import Explanation as Explanation
    from brittlestar.verbs.explain import explain as explain
    from brittlestar.verbs.export import ExportResult as ExportResult
    from brittlestar.verbs.export import export as export
    from brittlestar.verbs.forecast import forecast as forecast
    from brittlestar.verbs.gate import GateResult as GateResult
    from brittlestar.verbs.gate import gate as gate
    from brittlestar.verbs.generate import generate as generate
    from brittlestar.verbs.judge import judge as judge
    from brittlestar.verbs.new import new as new
    from brittlestar.verbs.probe import probe as probe
    from brittlestar.verbs.replaying import replay as replay
    from brittlestar.verbs.report import report as report
    from brittlestar.verbs.reported import ReportedResult as ReportedResult
    from brittlestar.verbs.reported import compare_reported as compare_reported
    from brittlestar.verbs.reported_run import ReportedRun as ReportedRun
    from brittlestar.verbs.reported_run import run_reported as run_reported
    from brittlestar.verbs.run import RunResult as RunResult
    from brittlestar.verbs.run import run as run
    from brittlestar.verbs.seal import SealResult as SealResult
    from brittlestar.verbs.seal import seal as seal
    from brittlestar.verbs.share_run import ShareResult as ShareResult
    from brittlestar.verbs.share_run import run_share as run_share
    from brittlestar.verbs.split import SplitResult as SplitResult
    from brittlestar.verbs.split import split as split
    from brittlestar.verbs.status import status as status
    from brittlestar.verbs.verify import VerifyResult as VerifyResult
    from brittlestar.verbs.verify import verify as verify

_PLACES = {
    "AuditResult": "verbs.audit",
    "BrittlestarError": "core.errors",
    "Check": "core.checks",
    "CheckResult": "verbs.check",
    "check": "verbs.check",
    "CompareResult": "verbs.compare",
    "compare": "verbs.compare",
    "ReportedResult": "verbs.reported",
    "compare_reported": "verbs.reported",
    "ReportedRun": "verbs.reported_run",
    "run_reported": "verbs.reported_run",
    "DiagnoseResult": "pipeline.diagnose_result",
    "diagnose": "verbs.diagnose",
    "diagnose_history": "verbs.diagnose_history",
    "InputError": "core.errors",
    "RunError": "core.errors",
    "StoreError": "core.errors",
    "ForecastResult": "pipeline.forecast_store",
    "forecast": "verbs.forecast",
    "GateResult": "verbs.gate",
    "gate": "verbs.gate",
    "Finding": "core.findings",
    "Judgement": "claims.judgement",
    "StudyRecord": "core.results",
    "audit": "verbs.audit",
    "Explanation": "verbs.explain",
    "explain": "verbs.explain",
    "ExportResult": "verbs.export",
    "export": "verbs.export",
    "generate": "verbs.generate",
    "judge": "verbs.judge",
    "new": "verbs.new",
    "own_metric": "core.own_metrics",
    "own_probe": "probes.own",
    "ProbeResult": "pipeline.probe_result",
    "probe": "verbs.probe",
    "replay": "verbs.replaying",
    "report": "verbs.report",
    "RunResult": "verbs.run",
    "run": "verbs.run",
    "SealResult": "verbs.seal",
    "schema": "core.documents",
    "seal": "verbs.seal",
    "ShareResult": "verbs.share_run",
    "run_share": "verbs.share_run",
    "SplitResult": "verbs.split",
    "split": "verbs.split",
    "status": "verbs.status",
    "TableRequest": "reports.paper.table",
    "VerifyResult": "verbs.verify",
    "verify": "verbs.verify",
}

_GONE = {
    "merge": "copy the folders of runs, then run(STUDY)",
    "plan": "run(DATA, dry_run=True)",
    "trace": "diagnose(STUDY, budget=600)",
}
"""What left before 1.0.0, and what to call in its place: for one version."""

__all__ = list(_PLACES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("brittlestar")
    if name in _GONE:  # `from brittlestar import …` drops what an AttributeError says
        raise ImportError(f"brittlestar has no {name} any more; instead: {_GONE[name]}")
    if name not in _PLACES:
        raise AttributeError(f"module 'brittlestar' has no attribute {name!r}")
    found = getattr(importlib.import_module(f"brittlestar.{_PLACES[name]}"), name)
    if inspect.isfunction(found):
        return importlib.import_module("brittlestar.keywords").speak_python(found)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
