"""From a study's record to all that is said of it: verdicts, findings, and the headline that they make."""

from collections.abc import Sequence
from dataclasses import replace

from brittlestar.claims.claim_findings import JudgedStudy
from brittlestar.claims.effects import MeasuredMain, weigh_findings
from brittlestar.claims.headline_numbers import compare_with_trivial, measure_headline
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.stated_scores import standing
from brittlestar.claims.study_outcomes import judge_study
from brittlestar.core.catalogue import check_all
from brittlestar.core.checks import Check
from brittlestar.core.commands import follow_kind
from brittlestar.core.forecasts import Forecast
from brittlestar.core.results import AnsweredStudy, StudyAnswers, StudyRecord, same_answers
from brittlestar.diagnosis.causes.symptoms import confirm_findings
from brittlestar.diagnosis.explaining import explain_scores
from brittlestar.diagnosis.probes.summary import summarise_probes
from brittlestar.diagnosis.remedies import leave_out_unread
from brittlestar.pipeline.forecasting import forecast_study
from brittlestar.pipeline.own_checks import stored_checks
from brittlestar.reports.study_view import StudyView, make_reading
from brittlestar.store.kept_document import read_experiments, read_sealed
from brittlestar.store.layout import Store
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_document import read_cells, read_study


def assess_study(
    store: Store,
    record: StudyRecord,
    *,
    answers: StudyAnswers | None = None,
    judgements: Sequence[Judgement] | None = None,
    checks: Sequence[Check] = (),
    own_checks: bool = True,
    forecasts: Sequence[Forecast] | None = None,
) -> StudyView:
    """Judge, diagnose and decide on a study in a store. `answers` of its runs row by row, `judgements` on the claims on
    record, and `forecasts` of all rows without labels are given where they are known already; `checks` are those of
    others, beside those that the study names, whose code is run unless `own_checks` says that nobody trusts it. Raises
    InputError where the stated score cannot be one of the metric, StoreError where a stored one is not finite.
    """
    document = read_study(store)
    answers = AnsweredRows(store, record) if answers is None else answers
    own = (*(stored_checks(document, store) if own_checks else ()), *checks)
    stated, experiments = document.get("stated"), read_experiments(store)
    sealed = read_sealed(store, read_cells(document))
    expected = forecast_study(store, record) if forecasts is None else tuple(forecasts)
    judged = tuple(judge_study(record, answers) if judgements is None else judgements)
    probed = summarise_probes(record, own)
    numbers = measure_headline(record, answers, judged)
    score = None if numbers is None else numbers.all.score
    stands = None
    if stated is not None and score is not None:
        stands = standing(dict(enumerate(score.by_seed)), stated, record.metric, document.get("stated_is", "mean"))
    comparisons, slices = compare_with_trivial(record, answers), {} if numbers is None else numbers.slices
    every = (
        *check_all("record", record, own),
        *check_all("answers", AnsweredStudy(record, answers), own),
        *(() if probed is None else probed.findings),
        *check_all("claims", JudgedStudy(record, judged, comparisons, stands, slices), own),
    )
    alike = {name for name in record.variants if same_answers(record, answers, name)}
    read = leave_out_unread(record, explain_scores(every))
    notes = [
        replace(finding, remedy=follow_kind(finding.remedy, unchanged=finding.where.get("variant") in alike))
        for finding in confirm_findings(read, record.main, experiments.tried)
    ]
    measured = MeasuredMain(record, answers, numbers)
    findings = weigh_findings(notes, measured)
    if record.audit is not None:
        audit = replace(record.audit, findings=weigh_findings(record.audit.findings, measured))
        record = replace(record, audit=audit)
    if probed is not None:  # as `run` tells them: `probe` tells them alike
        known = {(finding.code, str(finding.where)) for finding in probed.findings}
        probed = replace(probed, findings=tuple(one for one in findings if (one.code, str(one.where)) in known))
    return make_reading(record, findings, judged, probed, numbers, stands, experiments, sealed, expected)
