"""Variance by source: against statsmodels, and on simulated designs whose truth is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from brittlestar import run
from brittlestar.claims.variance_sources import estimate_sources, list_crossed_streams, sources_of
from brittlestar.core.errors import InputError
from brittlestar.study.expand import design, stream_seeds
from brittlestar.study.settings import Study
from tests.diagnosis.synthetic import cell, study

STREAMS = ("init", "order")


def table(random: np.random.Generator, k: int, init: float, order: float, rest: float) -> np.ndarray:
    return random.normal(0, init, (k, 1)) + random.normal(0, order, (1, k)) + random.normal(0, rest, (k, k))


def test_three_streams_and_an_estimate_below_zero() -> None:
    random = np.random.default_rng(2)
    values = random.normal(0, 0.03, (4, 1, 1)) + random.normal(0, 0.01, (4, 4, 4))
    found = estimate_sources(values, ("init", "order", "dropout"), "a", "accuracy", "test")
    assert found.sources[0].stream == "init" and found.sources[0].interval[0] > 0
    negative = [source for source in found.sources if source.raw < 0]
    assert all(source.variance == 0 and source.interval[0] == 0 for source in negative)
    assert found.shares is None, "too few levels"
    assert "average over it first" in found.sentence
    many = estimate_sources(table(random, 12, 0.02, 0.01, 0.01), STREAMS, "a", "accuracy", "test")
    assert many.shares is not None and sum(many.shares.values()) == pytest.approx(1)
    same = estimate_sources(np.full((3, 3), 0.5), STREAMS, "a", "accuracy", "test")
    assert "no stream by itself" in same.sentence and same.left_over == 0


def test_the_design_has_every_combination_once() -> None:
    base = {"name": "x", "data": {"path": "d"}, "seeds": (3, 5, 8)}
    made = Study.model_validate({**base, "streams": {"init": "crossed", "order": "crossed", "dropout": "fixed"}})
    cells = design(made)
    assert [seed for seed, _ in cells] == list(range(9))
    pairs = [(streams["init"], streams["order"]) for _, streams in cells]
    assert len(set(pairs)) == 9 and len({first for first, _ in pairs}) == 3 == len({second for _, second in pairs})
    assert len({streams["dropout"] for _, streams in cells}) == 1
    plain = Study.model_validate(base)
    assert design(plain) == [(seed, stream_seeds(plain.streams, seed)) for seed in (3, 5, 8)]


def test_a_design_that_is_not_finished_gives_no_estimate() -> None:
    cells = [cell(seed=seed, test=0.8 + seed / 100) for seed in range(9)]
    streams = {"init": "crossed", "order": "crossed", "dropout": "fixed"}
    whole = replace(study(cells), streams=streams)
    assert list_crossed_streams(whole) == ("init", "order")
    (found,) = sources_of(whole)
    assert found.levels == 3 and [source.stream for source in found.sources] == ["init", "order"]
    (open_,) = sources_of(replace(whole, cells=(*cells[:-1], replace(cells[-1], state="lost"))))
    assert open_.missing == 1 and "1 runs of the crossed design are not done" in open_.sentence
    assert sources_of(study(cells)) == ()


def test_from_the_study_file_to_the_report(tmp_path: Path) -> None:
    from brittlestar import generate

    generate(tmp_path / "d", sizes="60/30/40")
    settings = {"streams.init": "crossed", "streams.order": "crossed", "training.epochs": "2", "model.hidden": "8"}
    result = run(tmp_path / "d", out=tmp_path / "s", settings=settings, seeds=2, executor="serial")
    assert len(result.record.cells) == 8 and {one["variant"] for one in result.document["sources"]} == {"main", "bag"}
    page = (tmp_path / "s" / "report" / "report.html").read_text(encoding="utf-8")
    assert "standard deviations in points by source" in page
    assert all("no independent runs" in judgement.sentence for judgement in result.judgements)
    with pytest.raises(InputError, match="1 seeds crossed make 1 runs"):
        run(tmp_path / "d", out=tmp_path / "t", settings=settings, seeds=1, executor="serial")
