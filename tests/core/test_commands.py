"""Commands that are printed name what is there."""

from brittlestar.core.commands import fill_commands, for_fitted, for_objects


def test_every_folder_that_is_made_has_its_name_in_a_whole_page() -> None:
    page = "<pre>brittlestar audit DATA --write-clean DIR</pre>\n<code>brittlestar audit DATA --write-clean DIR</code>"
    assert fill_commands(page, "here").count("brittlestar audit here --write-clean clean-data") == 2
    again = fill_commands("`brittlestar audit DIR --only leak.near`", "here")
    assert again == "`brittlestar audit clean-data --only leak.near`"


def test_a_model_that_fits_itself_is_not_asked_for_settings_of_training() -> None:
    warmer = "Try warm-up: `brittlestar run STUDY --set training.schedule.warmup=2`."
    assert for_fitted(f"Read the log. {warmer}") == "Read the log."
    assert (
        for_fitted("More seeds: `brittlestar run STUDY --seeds 20`.")
        == "More seeds: `brittlestar run STUDY --seeds 20`."
    )


def test_what_no_command_can_read_again_takes_the_same_call() -> None:
    assert for_objects("More seeds: `brittlestar run STUDY --seeds 5`.") == (
        "More seeds: the same call of `run(…)` with `seeds=5`."
    )
    assert for_objects("brittlestar run STUDY") == "the same call of `run(…)`"
    text = "Try `brittlestar run STUDY --set training.warmup=3 --set seeds=2`, or `brittlestar run STUDY --cell 12ab`."
    assert for_objects(text) == (
        "Try the same call of `run(…)` with `settings={'training.warmup': '3', 'seeds': '2'}`, "
        "or the same call of `run(…)` with `cell='12ab'`."
    )
    kept = "`brittlestar report STUDY`, `brittlestar audit DIR --only leak.near`"
    assert for_objects(kept) == kept
    other = "`brittlestar run STUDY --settle claim --set a.b=c --out wider.study`, `brittlestar run DATA --no-report`"
    assert for_objects(other) == (
        "the same call of `run(…)` with `settle='claim', out='wider.study', settings={'a.b': 'c'}`, "
        "the same call of `run(…)` with `no_report=True`"
    )
    clean = for_objects("`brittlestar audit DATA --write-clean DIR`")
    assert clean == "`audit(…)` of the same data with `write_clean='clean-data'`"
