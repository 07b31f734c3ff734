"""What a probe is called."""

from brittlestar.probes.default import known_probes
from brittlestar.probes.own import own_probe

from .making import SPR_TASK


def test_the_catalogue_has_distinct_names_in_its_families_and_says_what_happens() -> None:
    probes = known_probes(SPR_TASK)
    assert len({probe.name for probe in probes}) == len(probes)
    families = {"order", "composition", "length", "factors", "noise", "tokenisation"}
    assert {probe.family for probe in probes} == families
    assert all(probe.about and probe.name.startswith(f"{probe.family}.") for probe in probes)
    assert len([strength for probe in probes for strength in probe.strengths]) <= 40


def test_every_condition_has_words_of_its_own_and_no_name_in_them() -> None:
    titles = {
        f"{probe.name}@{strength:g}": probe.write_title(strength)
        for probe in known_probes(SPR_TASK)
        for strength in probe.strengths or (1.0,)
    }
    assert len({*titles.values()}) == len(titles)
    assert all(name.partition("@")[0] not in title and "{" not in title for name, title in titles.items())
    assert all(len(title.split()) <= 11 and not title.endswith(".") for title in titles.values())
    assert titles["order.window@4"] == "tokens shuffled within windows of 4"
    assert titles["order.swaps@1"] == "neighbouring tokens exchanged once"
    assert titles["order.rotate@1"] == "the first token moved to the end"
    assert titles["noise.drop@0.1"] == "10 % of tokens lost"
    assert titles["factors.mask:shape@1"] == "shape removed from tokens"


def test_words_follow_the_strength() -> None:
    by_name = {probe.name: probe for probe in known_probes(SPR_TASK)}
    told = {
        ("order.shuffle", 0.3): "30 % of tokens in random order",
        ("order.swaps", 3.0): "neighbouring tokens exchanged 3 times",
        ("order.rotate", 5.0): "the first 5 tokens moved to the end",
        ("order.pinned", -1.0): "tokens in random order but for the last position",
        ("order.pinned", -3.0): "tokens in random order but for position 3 from the end",
        ("length.repeat", 2.0): "each row written twice",
        ("length.crop", 0.25): "only the first 25 % of each row",
    }
    assert {key: by_name[key[0]].write_title(key[1]) for key in told} == told
    assert by_name["order.window"].write_about() == "tokens shuffled within windows of n"


def test_own_words_are_quoted_beside_their_strength() -> None:
    own = own_probe("noise.typos", unit="share of tokens", strengths=[0.1], expectation="invariant", about="Odd {x}.")
    probe = own(lambda rows, strength, random: rows)
    assert probe.write_title(0.1) == "'Odd {x}' (0.1 share of tokens)" and probe.write_about() == "Odd {x}."
    assert probe.declared
