"""What is left to the night exists, and what README.md promises is tested without it."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.suite import HERE, read_nightly

README = " ".join((HERE.parent / "README.md").read_text(encoding="utf-8").split())
PROMISES = {
    "python predictions_files.py data": "test_examples.py::test_three_predictions_files_run_from_data_to_report",
    "brittlestar check data --preds forest_0.csv": "verbs/test_check.py::test_a_result_that_is_real_and_holds",
    "--model own_module:build": "test_examples.py::test_an_own_model_runs_from_data_to_report",
    "brittlestar judge results.csv --claim": "verbs/test_judge.py::test_a_table_and_a_claim_give_a_verdict",
    "brittlestar audit data": "verbs/test_audit.py::test_the_document",
    "trains nothing": "verbs/test_check.py::test_few_files_answer_for_these_models_and_for_no_method",
    "| `brittlestar run` |": "verbs/test_run.py::test_it_runs_in_a_thread_and_from_any_folder",
    "trains what is missing": "execution/test_killing.py::test_a_kill_costs_nothing_that_is_finished "
    "execution/test_processes.py::test_only_lost_cells_are_retried_and_twice_at_most",
    "fails or cannot say": "verbs/test_gate.py::test_an_outcome_has_its_exit_code_and_few_lines",
    "| `brittlestar probe` |": "verbs/test_probe.py::test_a_later_split_is_scored_by_every_cell_and_kept",
    "names causes": "verbs/test_diagnose.py::test_a_cause_is_named_and_then_confirmed_and_nothing_is_trained_twice",
    "| `brittlestar explain` |": "verbs/test_explain.py::test_every_code_says_what_it_means_and_what_to_do",
    "| `brittlestar split` |": "verbs/test_split.py::test_a_file_becomes_a_folder_that_runs",
    "| `brittlestar new` |": "verbs/test_new.py::test_the_file_loads_and_points_at_the_data",
    "`--dry-run` says runs": "verbs/test_dry_run.py::test_it_says_what_finished_runs_took_and_what_is_left",
    "shows progress": "verbs/test_status.py::test_what_runs_is_told_while_the_run_holds_the_store_and_not_after",
    "| `brittlestar report` |": "cli/test_cli.py::test_report_gives_the_document_of_run",
    "settings without effect": "verbs/test_tracing.py::test_parameters_without_effect_are_told",
    "| `brittlestar seal` |": "records/test_verify.py::test_the_commands_say_what_python_does",
    "| `brittlestar verify` |": "records/test_verify.py::test_a_record_follows_from_itself",
    "| `brittlestar export` |": "verbs/test_export.py::test_nothing_asked_writes_all_three_into_a_folder",
    "| `brittlestar compare` |": "verbs/test_compare.py::test_a_study_and_its_repetition_differ_in_nothing",
    "| `brittlestar generate` |": "verbs/test_generate.py::test_defaults_are_the_reference_experiment",
    "Each takes `--json`": "cli/test_terminal.py::test_json_is_the_one_document_on_standard_output",
    "and `--quiet`": "cli/test_terminal.py::test_quiet_prints_the_answer_alone_and_nothing_on_standard_error",
    "each is a Python function": "test_public.py::test_data_in_memory_gives_what_files_give",
    "also TSV, Parquet and JSON Lines": "data/test_sources.py::test_every_format_gives_the_same_frame",
    "`--columns sequence=text,label=target`": "cli/test_cli.py::test_columns_are_named_once_for_every_verb",
    "all input errors are reported together": "test_bad_input.py::test_data_that_cannot_be_read",
    "on Windows": "execution/test_systems.py::test_own_code_runs_in_processes_where_there_is_what_windows_has",
    "Each core trains one run on one thread": "execution/test_seeds.py::test_serial_and_processes_write_the_same_bytes",
    "[job arrays](docs/how-to/job-array.md)": "verbs/test_share.py::test_shares_on_one_store_leave_what_one_run_leaves",
    "[Ray](docs/how-to/ray.md)": "execution/test_cluster.py::test_a_study_runs_on_a_cluster_as_on_one_machine",
}
"""Words of README.md, with the tests that hold them."""


@cache
def find_tests(file: str) -> set[str]:
    """The tests of a file, by name."""
    body = ast.walk(ast.parse((HERE / file).read_text(encoding="utf-8")))
    return {one.name for one in body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


@pytest.mark.parametrize("place", read_nightly())
def test_what_is_left_to_the_night_exists(place: str) -> None:
    file, _, test = place.partition("::")
    assert (HERE / file).exists()
    assert not test or test.partition("[")[0] in find_tests(file)


@pytest.mark.parametrize("promise", PROMISES)
def test_what_the_readme_promises_is_tested_by_day(promise: str) -> None:
    assert promise in README
    for place in PROMISES[promise].split():
        file, _, test = place.partition("::")
        assert test in find_tests(file)
        folders = (f"{parent.as_posix()}/" for parent in Path(file).parents)
        assert read_nightly().keys().isdisjoint({file, place, *folders}), f"{place} is left to the night"
