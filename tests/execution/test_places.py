"""Which GPU a job gets: limits are kept, who is to be alone is, and nobody waits for ever."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from brittlestar.execution.places import Places, describe_shortage

GPUS, EACH = st.integers(1, 4), st.integers(1, 5)


def leave(places: Places, gpu: int) -> Places:
    """A job on this GPU ended."""
    first = places.running.index(gpu)
    return replace(places, running=places.running[:first] + places.running[first + 1 :], lone=places.lone - {gpu})


def test_jobs_go_where_the_fewest_are() -> None:
    places, taken = Places(3, 2), list[int | None]()
    for _ in range(7):
        gpu = places.choose()
        taken.append(gpu)
        places = places if gpu is None else places.take(gpu)
    assert taken == [0, 1, 2, 0, 1, 2, None] and places.total == 6
    assert leave(places, 1).choose() == 1 and places.choose(alone=True) is None


def test_who_waits_to_be_alone_gets_the_emptiest_gpu() -> None:
    places = Places(2, 3).take(0).take(0).take(1)
    assert places.choose(one_waits=True) == 0 and places.choose() == 1
    assert places.choose(alone=True) is None
    emptied = leave(places, 1)
    assert emptied.choose(alone=True) == 1
    lone = emptied.take(1, alone=True)
    assert lone.choose() == 0 and lone.take(0).choose() is None
    assert leave(lone, 1).choose() == 1


@given(GPUS, EACH, st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 30)), max_size=60))
def test_no_gpu_has_more_than_its_places_and_a_lone_job_no_other(
    gpus: int, each: int, steps: list[tuple[bool, bool, int]]
) -> None:
    places = Places(gpus, each)
    running: list[tuple[int, bool]] = []
    for begins, alone, number in steps:
        if begins:
            gpu = places.choose(alone, one_waits=number % 2 == 1)
            if gpu is not None:
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


@given(GPUS, EACH)
def test_an_empty_machine_takes_anybody(gpus: int, each: int) -> None:
    places = Places(gpus, each)
    assert places.choose() == places.choose(alone=True) == places.choose(alone=True, one_waits=True) == 0


def test_a_shortage_says_who_was_there() -> None:
    assert describe_shortage("GPU 0", 3) == "out of memory on GPU 0 beside 3 other runs"
    assert describe_shortage("GPU 1", 1).endswith("beside 1 other run")
    assert "smaller training.batch_size" in describe_shortage("GPU 1", 0)
