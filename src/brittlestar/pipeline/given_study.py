"""Given predictions as a study: in the folder that is named, or in a temporary store that goes with who reads it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

from brittlestar.claims.stated_scores import StatedAs
from brittlestar.core.results import StudyRecord
from brittlestar.execution.executors import Workers
from brittlestar.execution.imported import save_imported
from brittlestar.execution.jobs import SilentWatcher
from brittlestar.execution.progress import AUDIT, READING, Progress
from brittlestar.execution.session import missing
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run_options import RunOptions, make_run_options
from brittlestar.pipeline.setup import prepare_request, write_first_files
from brittlestar.reports.study_view import StudyView
from brittlestar.store.layout import Store, make_temporary_store, open_store
from brittlestar.store.study_document import save_stated


class _AuditAlone(SilentWatcher):
    def __init__(self, tell: Progress) -> None:
        self._tell = tell

    def on_stage(self, stage: str, name: str, done: int, total: int) -> None:
        if stage == AUDIT:
            self._tell(name, done, total)


def assess_given(
    request: Request, tell: Progress, stated: float | None = None, stated_is: StatedAs = "mean", limits: bool = False
) -> tuple[Store, StudyView]:
    """Set up the predictions of a request and assess them; no variant of a study file is trained beside them. Where the
    request names a folder, the study is kept there with its report; else its store is there for as long as somebody has
    it. Raises InputError, StoreError."""
    order = replace(_order_audit(tell), stated=stated, stated_is=stated_is, limits=limits)
    if request.out is None:
        from brittlestar.pipeline.assess import assess_study  # late: what is only read needs none of it

        with _keep_for_now(request, order) as (store, record):
            return store, assess_study(store, record)
    from brittlestar.pipeline.run import run_study  # late: a temporary store has no report

    ran = run_study(_leave_out_variants(request), order)
    return open_store(ran.store), ran.reading


def read_given(request: Request, tell: Progress, audit: bool) -> tuple[Store, StudyRecord]:
    """The same without judging anything, and audited only where that is asked for. Raises InputError, StoreError."""
    with _keep_for_now(request, replace(_order_audit(tell), audit=audit)) as kept:
        return kept


def _leave_out_variants(request: Request) -> Request:
    return replace(request, settings={"variants": "{}", **request.settings})


def _order_audit(tell: Progress) -> RunOptions:
    return make_run_options(Workers("serial"), watcher=_AuditAlone(tell))


@contextmanager
def _keep_for_now(request: Request, order: RunOptions) -> Generator[tuple[Store, StudyRecord]]:
    """The study in a temporary store, which is cleared where something goes wrong."""
    if order.audit:
        order.watcher.on_stage(AUDIT, READING, 0, 0)
    prepared = prepare_request(_leave_out_variants(request), order)
    store = make_temporary_store()
    try:
        run, _ = write_first_files(prepared, store, order)
        save_imported(store, run, missing(store, prepared.cells), prepared.given, prepared.opened.data)
        if order.stated is not None:
            save_stated(store, order.stated, order.stated_is)
        yield store, replace(read_live_record(store), place=None)  # its folder's name says nothing
    except BaseException:  # whoever keeps the error keeps no folder
        store.backend.clear()
        raise
