import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.seeds import STREAMS, generator, stream_seed


def test_streams_are_the_five_of_the_contract():
    assert STREAMS == ("init", "order", "dropout", "split", "sampling")


@given(st.integers(0, 2**40), st.text(max_size=10))
def test_a_seed_fits_every_framework_and_depends_on_its_names_only(root, name):
    seed = stream_seed(root, name)
    assert 0 <= seed < 2**63
    assert stream_seed(root, name) == seed


def test_seeds_of_the_first_version_stay_what_they_are():
    # every stored study depends on these values: a change is a change of the format version
    assert stream_seed(0, "init") == 1462148169568235824
    assert stream_seed(7, "order", 3) == 6437707500479762638


def test_no_two_streams_of_many_roots_share_a_seed():
    seeds = {stream_seed(root, stream) for root, stream in itertools.product(range(2000), STREAMS)}
    assert len(seeds) == 2000 * len(STREAMS)


def test_streams_are_uncorrelated():
    draws = np.array([generator(root, stream).normal() for root in range(1000) for stream in STREAMS])
    correlation = np.corrcoef(draws.reshape(1000, len(STREAMS)).T) - np.eye(len(STREAMS))
    assert np.abs(correlation).max() < 4 / np.sqrt(1000)


@pytest.mark.parametrize("other", [(1, "init"), (0, "order"), (0, "init", 0)])
def test_another_root_or_name_gives_another_stream(other):
    assert generator(0, "init").normal() != generator(*other).normal()


def test_global_generators_are_neither_read_nor_changed():
    states = []
    for seed in (0, 1):
        random.seed(seed)
        np.random.seed(seed)
        before = random.getstate(), np.random.get_state()[1].copy()
        states.append(generator(5, "init").normal(size=3).tolist())
        assert random.getstate() == before[0]
        assert np.array_equal(np.random.get_state()[1], before[1])
    assert states[0] == states[1]
