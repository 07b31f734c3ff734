import pytest

from brittlestar.probes.suite import LEAST_ROWS, MOST_ROWS, ROWS_TRAINED, sample_size


@pytest.mark.parametrize(("train_rows", "epochs"), [(2_000, 30), (30_000, 2), (60_000, 1)])
def test_rows_follow_what_training_reads_however_it_is_dealt_to_epochs(train_rows: int, epochs: int) -> None:
    assert sample_size(train_rows, epochs) == train_rows * epochs // ROWS_TRAINED == 400


def test_the_shortest_training_is_probed_in_the_least_rows_and_the_longest_in_the_most() -> None:
    assert sample_size(0, 20) == sample_size(60, 1) == LEAST_ROWS
    assert sample_size(10**6, 100) == MOST_ROWS
    sizes = [sample_size(1_000, epochs) for epochs in range(1, 500)]
    assert sizes == sorted(sizes)
