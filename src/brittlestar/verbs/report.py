"""`report`: the page, the tables and the figures, rebuilt from the store alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.checks import diagnose
from brittlestar.diagnosis.probes.summary import ProbeSummary, summarised
from brittlestar.execution.layout import Store, open_store, write_failure
from brittlestar.execution.record import read_record
from brittlestar.verdicts.claim_checks import of_claims
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.studied import judge_study


def report(study: str | Path, *, figures: bool = False) -> dict[str, Any]:
    """Rebuild the report of a store and return the document of the contract; `figures` also writes SVG, PDF and PNG.

    Raises InputError where there is no store, StoreError for damaged cells or a store that cannot be written.
    """
    store = open_store(Path(study))
    record = read_record(store)
    return build_report(store, record, judge_study(store, record), figures)


def build_report(
    store: Store,
    record: StudyRecord,
    judgements: Sequence[Judgement],
    figures: bool = False,
    probed: ProbeSummary | None = None,
) -> dict[str, Any]:
    """Diagnose and write the report of a record whose claims were judged; `probed` where it is known already."""
    from brittlestar.reports.write import write_report

    try:
        probed = probed or summarised(record)
        of_probes = () if probed is None else probed.findings
        findings = (*diagnose(record), *of_probes, *of_claims(record, judgements))
        document = write_report(record, findings, store.report, figures, judgements, probed)
    except OSError as error:
        raise write_failure(error, store.report) from error
    return json.loads(json.dumps(document))
