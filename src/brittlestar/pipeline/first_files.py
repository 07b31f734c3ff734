"""What stands in a store before the first run: rows, audit, claims and study.json, written in this order."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from brittlestar.core.errors import StoreError
from brittlestar.execution.environment import environment, environment_class
from brittlestar.execution.executors import describe_session
from brittlestar.execution.given import notes_on
from brittlestar.execution.inspecting import Inspection, inspect, variant_records
from brittlestar.execution.interruption import Interrupted
from brittlestar.execution.jobs import Run, make_run
from brittlestar.execution.progress import AUDIT
from brittlestar.execution.resuming import mixing_note, other_environments, refuse_mixing
from brittlestar.execution.session import missing
from brittlestar.pipeline.forecasting import look_at_rows
from brittlestar.pipeline.kept_audits import audit_into
from brittlestar.pipeline.more_seeds import plan_claims
from brittlestar.pipeline.order import Order
from brittlestar.pipeline.prepare import Prepared
from brittlestar.pipeline.probes import fitting_probes
from brittlestar.pipeline.request import describe_request
from brittlestar.store.attempts import REGISTERED, append_attempt
from brittlestar.store.layout import Store
from brittlestar.store.split_answers import StoredRows, count_unseen
from brittlestar.store.study_document import read_claims, write_claims, write_study
from brittlestar.study.claims import claims_document
from brittlestar.study.expand import digest_files
from brittlestar.study.settings import ExecutionSettings


def write_first_files(prepared: Prepared, store: Store, order: Order) -> tuple[Run, Callable[[Prepared], None]]:
    """Write data, audit, claims and study.json, in this order; a study that is refused has written none but data.
    Returns where to work, and what writes study.json anew for the same study with more seeds."""
    opened = prepared.opened
    splits = _keep_data(prepared, store)
    run = make_run(store, prepared.search_path, opened.base, opened.named.session)
    inspection = inspect(prepared.trainable, run, order.executor, order.interruption)
    for note in inspection.notes:
        order.watcher.on_message(note)
    described = {**environment(), **inspection.environment}
    here = environment_class(described, opened.study.training.device)
    others = other_environments(store, prepared.cells, here)
    if not order.mix:
        refuse_mixing(store, others, here)
    _audit(prepared, store, order)
    _register_claims(prepared, store, order, inspection)
    read = (*opened.frames.notes, *opened.data.notes, *notes_on(prepared.given))
    notes = (*inspection.notes, *read, *mixing_note(others, here), *describe_session(opened.named))
    probes = fitting_probes(prepared, store).model_dump(mode="json")
    writer = _StudyWriter(store, inspection, described, notes, probes, digest_files(opened.loaded))
    writer.write(prepared)
    return replace(run, environment_class=here, fingerprints=splits), writer.write


def _keep_data(prepared: Prepared, store: Store) -> dict[str, str]:
    """The fingerprint of every split, whose rows are then in the store."""
    from brittlestar.data.opening import open_data
    from brittlestar.store.later_splits import keep_later, keep_rows, refuse_taken_names

    opened = prepared.opened
    refuse_taken_names(store, opened.data.splits)
    keep_rows(store, opened.frames, opened.data)
    keep_later(store, opened.study.data, partial(look_at_rows, store))
    return {name: split.fingerprint for name, split in open_data(store.data).splits.items()}


def _audit(prepared: Prepared, store: Store, order: Order) -> None:
    checks = tuple(one.check for one in prepared.checks)
    tell = partial(order.watcher.on_stage, AUDIT)
    try:
        with order.interruption.at_once():
            failed = audit_into(store, prepared.opened, prepared.given, checks, tell, order.limits)
    except Interrupted as wish:
        raise StoreError(f"{wish.reason} before the first run", "", "the same command starts again") from None
    if failed is not None:
        order.watcher.on_message(failed)


def _register_claims(prepared: Prepared, store: Store, order: Order, inspection: Inspection) -> None:
    """Write the claims of the study, or the default ones, and when those were written that are new."""
    done = len(missing(store, prepared.cells)) < len({cell.hash for cell in prepared.cells})
    unseen = count_unseen(StoredRows(store), tuple(prepared.opened.data.splits))
    known = read_claims(store) if done else None
    claims = plan_claims(prepared, unseen, order.settle, order.anytime, inspection.shapes, known)
    if new := write_claims(store, claims_document(claims, True), done):
        append_attempt(store, REGISTERED, "", claims=list(new))


@dataclass(frozen=True)
class _StudyWriter:
    """What study.json says beside the runs of a study, which may become more."""

    store: Store
    inspection: Inspection
    environment: Mapping[str, Any]
    notes: Sequence[str]
    probes: Mapping[str, Any]
    files: Mapping[str, str]

    def write(self, prepared: Prepared) -> None:
        """Write study.json for these runs."""
        study, opened, seen = prepared.opened.study, prepared.opened, self.inspection
        usual, session = study.execution == ExecutionSettings(), opened.named.session
        write_study(
            self.store,
            prepared.cells,
            variant_records(opened.loaded, seen.read_back, seen.parameters, seen.shapes),
            name=study.name,
            title=study.report.title,
            given=opened.loaded.given,
            metric=prepared.metric,
            streams=study.streams.model_dump(mode="json"),
            environment=self.environment,
            base=os.path.relpath(opened.base, self.store.anchor),
            search_path=os.path.relpath(prepared.search_path, self.store.anchor),
            own_digests=dict(prepared.own_digests),
            notes=self.notes,
            asked=describe_request(opened.request, self.store),
            probes=self.probes,
            checks=[one.as_json(self.store) for one in prepared.checks],
            **({} if usual else {"execution": study.execution.model_dump(mode="json")}),
            **({"file_digests": self.files} if self.files else {}),
            **({} if session is None else {"own_source": session.source}),
        )
