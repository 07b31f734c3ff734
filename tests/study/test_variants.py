from functools import reduce
from operator import getitem
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from brittlestar.study.normalising import merge_changes
from brittlestar.study.paths import leaves, with_value
from brittlestar.study.variants import changes_of, variant_settings
from tests.study.files import HEAD, load, problems


def test_dotted_and_nested_changes_are_one(tmp_path: Path) -> None:
    text = """
variants:
  dotted: {model.embedding.mode: frozen-random, model.dropout.head: 0.5}
  nested: {model: {embedding: {mode: frozen-random}, dropout: {head: 0.5}}}
  mixed: {model: {embedding.mode: frozen-random}, model.dropout: {head: 0.5}}
  written: {set: {model.embedding.mode: frozen-random, model.dropout.head: 0.5}}
"""
    study = load(tmp_path, HEAD + text).study
    expected = {"model.embedding.mode": "frozen-random", "model.dropout.head": 0.5}
    assert {name: variant.set for name, variant in study.variants.items()} == dict.fromkeys(study.variants, expected)
    variants = variant_settings(study)
    assert list(variants) == ["main", "dotted", "nested", "mixed", "written"]
    assert variants["main"] is study
    assert variants["dotted"].model.embedding.mode == "frozen-random"
    assert variants["dotted"].model.embedding.dim == study.model.embedding.dim
    assert changes_of(study, "main") == {}


def test_a_variant_starts_from_the_study_not_from_the_defaults(tmp_path: Path) -> None:
    text = "training: {epochs: 7, early_stopping: {patience: 9}}\nvariants:\n"
    text += "  s: {training: {early_stopping: {metric: accuracy}}, unequal_budget: why}\n"
    assert load(tmp_path, HEAD + text).study.variants["s"].unequal_budget == "why"
    variant = variant_settings(load(tmp_path, HEAD + text).study)["s"]
    assert variant.training.epochs == 7
    assert variant.training.early_stopping is not None
    assert (variant.training.early_stopping.patience, variant.training.early_stopping.metric) == (9, "accuracy")


def test_whole_parameters_are_replaced_and_single_ones_set(tmp_path: Path) -> None:
    text = "model: {own: a:b, kind: factory, params: {width: 3, depth: 2}}\nvariants:\n  bag: {model.family: bag}\n"
    text += "  wide: {model.params.width: 9}\n  other: {model: {params: {x: 1}}}\n"
    variants = variant_settings(load(tmp_path, HEAD + text).study)
    assert variants["wide"].model.params == {"width": 9, "depth": 2}
    assert variants["other"].model.params == {"x": 1}
    bag = variants["bag"].model  # naming a family means the built-in one
    assert (bag.own, bag.kind, bag.params, bag.family) == (None, "auto", {}, "bag")


def test_wrong_variants_are_told_with_their_places(tmp_path: Path) -> None:
    text = """\
variants:
  main: {model.hidden: 3}
  best-trivial: {model.hidden: 3}
  two words: {model.hidden: 3}
  a: 5
  b: {model.hiden: 3, model: {layerz: 2}}
  c: {seeds: 3, data.path: x, data.splits: {train: y}, data.columns.id: z}
  d: {model.hidden: 0, training: {clip: none}}
  e: {model.hidden: 3, model: {hidden: 4}}
  f: {training.epochs: 40, data: {train_rows: 10}}
  g: {training.early_stopping: {patience: 3}}
  h: {training.epochs: 40, unequal_budget: ""}
  i: {data.factor: shap, model.embedding.mode: fine-tuned}
"""
    assert problems(tmp_path, HEAD + text) == [
        "study.yaml:4:3: main is the study unchanged; give the variant another name",
        "study.yaml:5:3: best-trivial is the name of the best trivial baseline; give the variant another name",
        "study.yaml:6:3: the variant name 'two words' is not allowed; use letters, digits, '.', '_' and '-', starting "
        "with a letter or digit",
        "study.yaml:7:3: variants.a is 5; allowed: a mapping of settings",
        "study.yaml:8:7: 'model.hiden' is unknown; did you mean 'model.hidden'?",
        "study.yaml:8:31: 'model.layerz' is unknown; did you mean 'model.layers'?",
        "study.yaml:9:7: a variant cannot change seeds; it may change data, model, training",
        "study.yaml:9:17: a variant cannot change data.path; all variants of a study see the same rows",
        "study.yaml:9:31: a variant cannot change data.splits; all variants of a study see the same rows",
        "study.yaml:9:56: a variant cannot change data.columns.id; all variants of a study see the same rows",
        "study.yaml:10:7: model.hidden is 0; allowed: a whole number of at least 1",
        "study.yaml:10:35: training.clip is 'none'; allowed: a number of more than 0 or null",
        "study.yaml:11:32: model.hidden is given twice; give it once, nested or dotted",
        "study.yaml:12:7: 'f' and main have unequal budgets: training.epochs 40 against 20, data.train_rows 10 "
        'against all; make them equal, or say why: variants.f.unequal_budget: "reason"',
        "study.yaml:13:33: 'g' and main have unequal budgets: training.early_stopping after 3 epochs without a "
        'better dev log_loss against none; make them equal, or say why: variants.g.unequal_budget: "reason"',
        "study.yaml:14:7: 'h' and main have unequal budgets: training.epochs 40 against 20; make them equal, or "
        'say why: variants.h.unequal_budget: "reason"',
        "study.yaml:14:28: variants.h.unequal_budget is ''; allowed: the reason, as text",
        "study.yaml:15:7: in variant 'i': there is no factor 'shap'; did you mean 'shape'?",
        "study.yaml:15:26: in variant 'i': fine-tuned needs a table; give model.embedding.table, a file of vectors",
    ]


def test_problems_of_study_and_variants_come_together_and_once(tmp_path: Path) -> None:
    text = "training: {epochs: -1}\nvariants: {a: {model.hidden: 0}, b: {model.layers: 3}}\n"
    assert problems(tmp_path, HEAD + text) == [
        "study.yaml:3:12: training.epochs is -1; allowed: a whole number of at least 0",
        "study.yaml:4:16: model.hidden is 0; allowed: a whole number of at least 1",
    ]


def test_an_ablation_that_an_own_model_never_reads_is_refused(tmp_path: Path) -> None:
    text = "model: {own: a:b}\nvariants:\n  bi: {model.bidirectional: true}\n  p: {model.params.x: 1}\n"
    text += "  ordered: {data.order: permuted}\n  lstm: {model.family: lstm, model.bidirectional: true}\n"
    assert problems(tmp_path, HEAD + text) == [
        "study.yaml:5:8: in variant 'bi': model.bidirectional has no effect on a:b; pass it in model.params, name a "
        "built-in model.family beside it, or drop the variant"
    ]


def test_an_ablation_that_a_built_in_model_never_reads_is_refused(tmp_path: Path) -> None:
    text = "model: {family: mean}\nvariants:\n  pooled: {model.pooling: max}\n  fast: {training.momentum: 0.5}\n"
    text += "  bag: {model: {family: bag, hidden: 9}}\n  wide: {model.embedding.dim: 9, model.layers: 3}\n"
    text += "  lstm: {model.family: lstm, model.pooling: max}\n"
    assert problems(tmp_path, HEAD + text) == [
        "study.yaml:5:12: in variant 'pooled': model.pooling has no effect on the family mean; change model.family "
        "beside it to one that reads it, or drop the variant",
        "study.yaml:6:10: in variant 'fast': training.momentum has no effect on adam; set training.optimiser to sgd "
        "beside it, or drop the variant",
    ]


def test_arms_of_given_predictions(tmp_path: Path) -> None:
    text = "model: {predictions: [p.csv]}\nvariants: {other: {model.variant: other}}\n"
    assert variant_settings(load(tmp_path, HEAD + text).study)["other"].model.variant == "other"
    assert problems(tmp_path, HEAD + "model: {variant: a}\n") == [
        "study.yaml:3:9: model.variant is given, but no predictions; give model.predictions"
    ]


TREES = st.recursive(
    st.integers() | st.none() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=10,
).filter(lambda tree: isinstance(tree, dict))


@given(TREES, st.lists(st.sampled_from("abcd"), min_size=1, max_size=3).map(tuple), st.integers())
def test_setting_a_value_changes_that_place_only(
    tree: dict[str, object], location: tuple[str, ...], value: int
) -> None:
    before = repr(tree)
    after = with_value(tree, location, value)
    assert repr(tree) == before
    assert reduce(getitem, location, after) == value
    kept = {place: leaf for place, leaf in leaves(tree).items() if place[: len(location)] != location}
    for place, leaf in kept.items():
        if place != location[: len(place)]:
            assert reduce(getitem, place, after) == leaf
    assert merge_changes(tree, {".".join(location): value}) == after
