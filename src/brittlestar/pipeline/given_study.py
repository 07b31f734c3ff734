"""Given predictions as a study: in the folder that is named, or in a temporary store that goes with who reads it."""

from dataclasses import replace

from brittlestar.claims.stated_scores import StatedAs
from brittlestar.execution.executors import Workers
from brittlestar.execution.imported import save_imported
from brittlestar.execution.jobs import SilentWatcher
from brittlestar.execution.progress import AUDIT, READING, Progress
from brittlestar.execution.session import missing
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import run_study
from brittlestar.pipeline.run_options import RunOptions, make_run_options
from brittlestar.pipeline.setup import prepare_request, write_first_files
from brittlestar.reports.study_view import StudyView
from brittlestar.store.layout import Store, make_temporary_store, open_store
from brittlestar.store.study_document import save_stated
from brittlestar.store.study_record import read_record


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
    request = replace(request, settings={"variants": "{}", **request.settings})
    order = make_run_options(Workers("serial"), watcher=_AuditAlone(tell))
    order = replace(order, stated=stated, stated_is=stated_is, limits=limits)
    if request.out is None:
        return _assess_for_now(request, order)
    ran = run_study(request, order)
    return open_store(ran.store), ran.reading


def _assess_for_now(request: Request, order: RunOptions) -> tuple[Store, StudyView]:
    order.watcher.on_stage(AUDIT, READING, 0, 0)
    prepared = prepare_request(request, order)
    store = make_temporary_store()
    try:
        run, _ = write_first_files(prepared, store, order)
        save_imported(store, run, missing(store, prepared.cells), prepared.given, prepared.opened.data)
        if order.stated is not None:
            save_stated(store, order.stated, order.stated_is)
        record = replace(read_record(store), place=None)  # its folder's name says nothing
        return store, assess_study(store, record)
    except BaseException:  # whoever keeps the error keeps no folder
        store.backend.clear()
        raise
