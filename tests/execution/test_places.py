"""Which GPU a job gets: limits are kept, who is to be alone is, and nobody waits for ever."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from brittlestar.execution.places import Places

GPUS, EACH = st.integers(1, 4), st.integers(1, 5)


def leave(places: Places, gpu: int) -> Places:
    """A job on this GPU ended."""
    first = places.running.index(gpu)
    return replace(places, running=places.running[:first] + places.running[first + 1 :], lone=places.lone - {gpu})


@given(GPUS, EACH, st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 30)), max_size=60))
def test_no_gpu_has_more_than_its_places_and_a_lone_job_no_other(
    gpus: int, each: int, steps: list[tuple[bool, bool, int]]
) -> None:
    places = Places(gpus, each)
    assert places.choose() == places.choose(alone=True, one_waits=True) == 0, "an empty machine takes anybody"
    running: list[tuple[int, bool]] = []
    for begins, alone, number in steps:
        if begins:
            gpu = places.choose(alone, one_waits=number % 2 == 1)
            if gpu is not None:
                fewest = min(places.running.count(other) for other in range(gpus) if other not in places.lone)
                assert number % 2 == 1 or places.running.count(gpu) == fewest, "jobs go where the fewest are"
                places = places.take(gpu, alone)
                running.append((gpu, alone))
        elif running:
            gpu, _ = running.pop(number % len(running))
            places = leave(places, gpu)
        there = [[lone for where, lone in running if where == gpu] for gpu in range(gpus)]
        assert all(len(jobs) <= each for jobs in there)
        assert all(len(jobs) == 1 for jobs in there if any(jobs))
        assert sorted(places.running) == sorted(gpu for gpu, _ in running)


@given(GPUS, EACH, st.randoms(use_true_random=False))
def test_who_waits_to_be_alone_waits_no_longer_than_the_jobs_before_it(gpus: int, each: int, random: object) -> None:
    """Jobs end one by one in any order, and others want to begin all the time: once as many have ended as ran when the
    wait began on every GPU and as could have begun beside them, the one that waits has begun."""
    places = Places(gpus, each)
    while (gpu := places.choose()) is not None:
        places = places.take(gpu)
    ended, fewest = 0, each
    while places.choose(alone=True) is None:
        gpu = random.choice(places.running)  # type: ignore[attr-defined]
        places, ended = leave(places, gpu), ended + 1
        while (gpu := places.choose(one_waits=True)) is not None:
            places = places.take(gpu)
        now = min(places.running.count(gpu) for gpu in range(gpus))
        assert now <= fewest
        fewest = now
        assert ended < 10_000
    assert places.running.count(places.choose(alone=True) or 0) == 0
