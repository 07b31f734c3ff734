"""Commands that are printed name what is there."""

from __future__ import annotations

from brittlestar.core.commands import fill_commands, for_fitted


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
