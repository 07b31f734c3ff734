"""The names that settings go by: in papers, Hugging Face, Keras, Lightning, scikit-learn and everyday scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

DROPOUTS = ("model.dropout.embedding", "model.dropout.encoder", "model.dropout.head")
_NAMES: Mapping[str, str] = {
    "training.learning_rate": "learning_rate learn_rate lr initial_learning_rate init_lr base_lr "
    "base_learning_rate peak_lr "
    "peak_learning_rate max_lr eta eta0 learning_rate_init alpha_lr starting_learning_rate initial_lr start_lr lr0 "
    "max_learning_rate learning_rate_max",
    "training.weight_decay": "weight_decay wd l2 l2_regularization l2_regularisation l2_penalty weight_decay_rate "
    "l2_weight l2_weight_decay l2_coefficient l2_reg decoupled_weight_decay adamw_weight_decay",
    "training.batch_size": "batch_size bs batch batchsize mini_batch_size minibatch minibatch_size train_batch_size "
    "per_device_train_batch_size per_gpu_train_batch_size per_device_batch_size training_batch_size "
    "sequences_per_batch sentences_per_batch examples_per_batch samples_per_batch batch_size_per_device bsz",
    "training.epochs": "epochs epoch n_epochs num_epochs num_train_epochs max_epochs training_epochs "
    "number_of_epochs nb_epochs nb_epoch train_epochs max_epoch max_iter max_steps num_steps train_steps "
    "training_steps total_steps num_train_steps num_training_steps max_train_steps max_iterations iterations n_steps "
    "number_of_steps total_epochs epoch_count total_training_steps training_iterations optimization_steps "
    "optimisation_steps update_steps updates number_of_updates gradient_steps passes_over_the_data passes_over_train "
    "max_update max_updates total_updates",
    "training.optimiser": "optimizer optimiser optim optimizer_name optimiser_name solver optimization_algorithm "
    "optimizer_class optimizer_type optimiser_class optimiser_type optim_class optim_type optimizer_class_name "
    "optimizer_target optimiser_target optim_name optim_target opt optimizer_class_path optimiser_class_path",
    "training.momentum": "momentum sgd_momentum",
    "training.clip": "clip grad_clip gradient_clip gradient_clipping grad_clipping max_grad_norm gradient_clip_val "
    "clip_norm clipnorm global_clipnorm clip_grad_norm grad_clip_norm max_norm grad_norm_clip clip_value "
    "gradient_norm max_gradient_norm gradient_clip_norm gradient_norm_clipping gradient_norm_clip clipping "
    "clip_gradient clip_gradients norm_clipping gradient_clipping_norm grad_norm_clipping clip_threshold "
    "clipping_threshold gradient_clipping_threshold gradient_clip_value max_clip_norm max_grad grad_norm",
    "training.label_smoothing": "label_smoothing label_smoothing_factor smoothing",
    "training.class_weights": "class_weights class_weight loss_weights class_weighting class_balancing "
    "class_reweighting loss_weighting",
    "training.schedule.kind": "schedule scheduler lr_scheduler lr_scheduler_type learning_rate_schedule lr_schedule "
    "learning_rate_scheduler lr_decay_schedule scheduler_type scheduler_name scheduler_class lr_scheduler_class "
    "lr_scheduler_name lr_schedule_type learning_rate_scheduler_type scheduler_target lr_scheduler_target sched_name "
    "sched lr_sched sched_type scheduler_kind lr_scheduler_class_name lr_scheduler_class_path scheduler_class_path",
    "training.schedule.warmup": "warmup warm_up warmup_epochs warmup_steps num_warmup_steps warmup_ratio "
    "warmup_proportion warm_up_epochs lr_warmup warmup_fraction warmup_percentage warmup_period warmup_length "
    "linear_warmup warm_up_steps warmup_updates lr_warmup_epochs lr_warmup_steps learning_rate_warmup "
    "lr_scheduler_warmup_ratio lr_scheduler_warmup_steps lr_scheduler_warmup_epochs",
    "training.schedule.every": "scheduler_step_size lr_step_size decay_every lr_decay_every lr_scheduler_step_size "
    "schedule_step_size step_size_epochs decay_interval decay_epochs epochs_between_decays step_every "
    "lr_step_every lr_multiplied_every",
    "training.schedule.gamma": "gamma lr_gamma lr_decay_factor decay_factor lr_decay lr_decay_rate decay_rate "
    "lr_multiplier lr_multiplied_by scheduler_gamma schedule_gamma step_factor lr_factor scheduler_factor "
    "lr_scheduler_gamma "
    "learning_rate_decay learning_rate_decay_factor learning_rate_decay_rate",
    "training.early_stopping.patience": "patience early_stopping_patience early_stop_patience early_stopping "
    "early_stopping_rounds n_iter_no_change early_stopping_epochs stopping_patience",
    "training.early_stopping.metric": "early_stopping_metric early_stopping_monitor early_stopping_criterion "
    "stopping_metric stopping_criterion early_stop_metric early_stop_monitor",
    "training.selection.metric": "metric_for_best_model selection_metric checkpoint_metric model_selection_metric "
    "monitor model_selection best_model_metric selection_criterion model_selection_criterion checkpoint_selection "
    "checkpoint_selection_metric best_checkpoint_metric checkpoint_criterion model_checkpoint_monitor "
    "checkpoint_monitor checkpoint best_model_by best_checkpoint_by checkpoint.metric",
    "training.selection.split": "selection_split model_selection_split",
    "training.precision": "precision mixed_precision_training dtype torch_dtype mixed_precision bf16 fp32 fp16 "
    "half_precision amp",
    "training.device": "device accelerator hardware",
    "model.family": "model family architecture arch model_type encoder network rnn_type cell_type rnn cell "
    "architectures model_name backbone base_model model_class encoder_type sequence_encoder recurrent_unit "
    "recurrent_cell "
    "unit_type network_type arch_name model_target encoder_name encoder_class encoder_target "
    "seq2vec_encoder_type seq2vec_encoder",
    "model.own": "own own_model custom_model model_function model_factory factory module model_class_path own_code",
    "model.hidden": "hidden hid_dim hid_size n_hid "
    "hidden_size hidden_dim hidden_dims hidden_units units nhid n_hidden d_model dim_model "
    "d_hidden encoder_hidden_size encoder_hidden_dim encoder_embed_dim hidden_layer_units lstm_size lstm_hidden_size "
    "width hidden_dimension hidden_state_size hidden_layer_size rnn_size lstm_units model_dim rnn_units hidden_width "
    "hidden_units_per_direction units_per_direction hidden_units_per_layer units_per_layer hidden_size_per_direction "
    "hidden_dimension_per_direction state_size number_of_hidden_units cell_size num_units gru_units gru_size "
    "hidden_dimensionality hidden_neurons rnn_hidden lstm_hidden gru_hidden model_dimension",
    "model.layers": "layers num_layers n_layers nlayers num_hidden_layers number_of_layers depth n_layer "
    "encoder_layers num_encoder_layers rnn_layers stacked_layers recurrent_layers number_of_recurrent_layers "
    "lstm_layers gru_layers transformer_layers transformer_blocks blocks n_blocks num_blocks encoder_depth "
    "number_of_hidden_layers",
    "model.bidirectional": "bidirectional bidir directions num_directions number_of_directions",
    "model.heads": "heads nhead n_heads num_heads n_head num_attention_heads attention_heads number_of_heads "
    "self_attention_heads number_of_attention_heads heads_per_layer encoder_attention_heads",
    "model.positions": "positions positional_encoding positional_encodings positional_embeddings position_embeddings "
    "positional_embedding",
    "model.pooling": "pooling pool readout pooler aggregation pooling_mode sentence_pooling",
    "model.dropout.embedding": "embedding_dropout dropout_embedding emb_dropout input_dropout embd_pdrop "
    "embed_dropout dropout_on_embeddings dropout_on_the_embeddings embeddings_dropout",
    "model.dropout.encoder": "encoder_dropout dropout_encoder rnn_dropout lstm_dropout hidden_dropout "
    "recurrent_dropout "
    "hidden_dropout_prob resid_pdrop layer_dropout inter_layer_dropout dropout_between_layers between_layer_dropout "
    "gru_dropout transformer_dropout dropout_between_recurrent_layers",
    "model.dropout.head": "head_dropout dropout_head classifier_dropout output_dropout classifier_dropout_prob "
    "final_dropout classification_dropout dropout_before_the_classifier dropout_before_classifier "
    "output_layer_dropout classifier_drop",
    "model.embedding.dim": "embedding_dim embedding_size embedding_dimension emb_dim emb_size embed_size embed_dim "
    "word_embedding_size d_embed token_embedding_size output_dim embeddings_dim word_vector_size vector_size "
    "token_embedding_dim emsize ninp embedding_width embeddings_size embeddings_dimension embedding_dimensionality",
    "model.embedding.mode": "embedding_mode embeddings embedding freeze_embeddings freeze_embedding "
    "frozen_embeddings embeddings_frozen embedding_frozen embedding_trainable trainable_embeddings "
    "train_embeddings embedding_freeze "
    "embeddings_freeze embedder_mode embedding_type",
    "model.embedding.scale": "embedding_scale embedding_std embedding_init_std emb_init_std "
    "embedding_init_std_dev emb_scale emb_std embedding_init_scale embedding_standard_deviation",
    "model.initial_scale": "initial_scale init_scale initialisation_scale initialization_scale",
    "training.early_stopping.split": "early_stopping_split stopping_split",
    "model.batch_statistics": "batch_statistics batch_norm_statistics batchnorm_statistics",
    "data.tokens": "tokenization tokenisation tokens tokenizer tokeniser token_type",
    "data.order": "order token_order word_order",
    "data.factor": "factor",
    "data.spelling": "spelling",
    "data.factors": "factors token_factors",
    "data.train_without": "train_without",
    "streams.order": "batch_order order_of_batches",
    "streams.init": "initialisation_stream initialization_stream init_stream",
    "streams.dropout": "dropout_stream",
    "streams.split": "split_stream",
    "streams.sampling": "sampling_stream",
    "model.embedding.composition": "embedding_composition composition",
    "data.train_rows": "train_rows train_size training_size training_examples n_train train_examples num_train "
    "training_data_size "
    "training_set_size train_samples training_rows number_of_training_examples max_train_samples train_set_size "
    "training_samples training_sequences train_sequences training_instances number_of_training_samples "
    "number_of_training_sequences train_subset training_subset training_strings train_strings training_set train_set",
    "seeds": "seeds seed random_seeds random_seed n_seeds num_seeds number_of_seeds runs n_runs num_runs "
    "number_of_runs trials repetitions replicates random_state seed_everything independent_runs "
    "number_of_random_seeds number_of_independent_runs seed_list random_restarts restarts random_initializations "
    "random_initialisations initializations initialisations",
    "library.optimiser.eps": "eps epsilon adam_epsilon adam_eps optimizer_eps optimizer_epsilon",
    "library.optimiser.betas": "betas adam_betas beta adamw_betas",
    "library.optimiser.beta1": "beta1 beta_1 adam_beta1 adam_beta_1",
    "library.optimiser.beta2": "beta2 beta_2 adam_beta2 adam_beta_2",
    "library.optimiser.amsgrad": "amsgrad",
    "library.optimiser.dampening": "dampening",
    "library.optimiser.nesterov": "nesterov nesterov_momentum use_nesterov",
    "report.metric": "metric evaluation_metric headline_metric primary_metric",
}
SEVERAL: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("dropout", "drop", "droprate", "dropoutrate", "pdrop", "dropoutprob", "dropoutprobability"), DROPOUTS
)
"""Names that stand for several settings at once."""
_PLACES = {
    r"\bemb|\bword": DROPOUTS[0],
    r"classif|\bcls\b|\bout|head|final|softmax|logit|linear|pool|penultimate": DROPOUTS[2],
    r"after (?:the )?(?:bi-?)?(?:lstm|gru|encoder)": DROPOUTS[2],
    r"between|recurrent|\brnn|encoder|hidden|stack|lstm|gru|layers|residual": DROPOUTS[1],
    r"\bin(?:put)?\b|inputs|token": DROPOUTS[0],
    r"\blast\b": DROPOUTS[2],
}
"""Words that say where a dropout acts."""
UNCLEAR: Mapping[str, tuple[str, ...]] = {
    "decay": ("training.weight_decay", "training.schedule.gamma"),
    "stepsize": ("training.learning_rate", "training.schedule.every"),
    "size": ("model.hidden", "model.embedding.dim"),
    "dim": ("model.hidden", "model.embedding.dim"),
    "dimension": ("model.hidden", "model.embedding.dim"),
    "alpha": ("training.learning_rate", "training.weight_decay"),
    "lambda": ("training.weight_decay", "training.label_smoothing"),
    "regularization": ("training.weight_decay", *DROPOUTS),
    "regularisation": ("training.weight_decay", *DROPOUTS),
}
"""Names of which nobody can say for which of some settings they stand."""
PREFIXES = (
    *(
        "use",
        "maximum",
        "numberof",
        "noof",
        "trainingarguments",
        "trainingargs",
        "trainer",
        "training",
        "train",
        "optimizer",
    ),
    *("adamw", "adam", "sgd", "lstm", "gru", "rnn", "recurrent", "stacked", "transformer", "step", "lr", "hidden"),
    *("global", "fixed", "constant", "base"),
    *("optimiser", "optim", "config", "args", "hparams", "hyperparameters", "model", "settings", "params", "data"),
)
"""First words of a name that say no more than where it stands."""


def plain_name(text: str) -> str:
    """A name without case, spaces, hyphens, and what stands in brackets: `Learning rate (Adam)` is `learningrate`."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\(.*?\)|\[.*?\]", "", text.lower()))


_LETTERS = {"α": "alpha", "β": "beta", "γ": "gamma", "ε": "epsilon", "ϵ": "epsilon", "η": "eta", "λ": "lambda"}


def _spell_letters(text: str) -> str:
    """Greek letters, and commands of LaTeX, as words."""
    text = re.sub(r"\\(?:text|mathrm|mathit|mathbf|textrm)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\(?:var)?([a-z]+)", r"\1", text)
    return "".join(_LETTERS.get(mark, mark) for mark in text)


LONGEST = 200  # budget: letters of a name
NEAR, SHORT = 0.88, 6  # convention: one letter in eight may be another, and shorter names are words of their own
_KNOWN = {plain_name(alias): path for path, aliases in _NAMES.items() for alias in aliases.split()}


def is_nearly_known(name: str) -> bool:
    """Whether a name is a slip of the pen for one that is known: `optimzer`."""
    last = plain_name(re.split(r"[./:]|__", name)[-1])
    return len(last) >= SHORT and bool(get_close_matches(last, _KNOWN, n=1, cutoff=NEAR))


def find_paths(name: str) -> tuple[str, ...]:
    """The settings that a name may stand for, none where it is not known: several for one such as `dropout`. The whole
    name first, then what follows the last dot or slash, then the name without a first word such as `optimizer`."""
    whole = name.strip().lower()
    if len(whole) > LONGEST:
        return ()
    if (inside := re.search(r"\(`?([a-z_]+(?:\.[a-z_]+)+)`?\)", whole)) and inside[1] in _NAMES:
        return (inside[1],)  # initialisation (`streams.init`)
    if whole in _NAMES or whole.startswith("model.params."):
        return (name.strip() if whole.startswith("model.params.") else whole,)
    parts, spelled = re.split(r"[./:]|__", whole), _spell_letters(whole)
    if (beside := _find_beside(parts)) is not None:
        return (beside,)
    if parts[-1] == "factor" and len(parts) > 1 and re.search(r"sched|lr|decay", parts[-2]):
        return ("training.schedule.gamma",)
    inner = [".".join(parts[place:]) for place in range(1, len(parts))]
    if re.search(r"beta[\W_]*1.*beta[\W_]*2", spelled):
        return ("library.optimiser.betas",)
    turned = re.sub(r"^(.+?) of (?:the )?(.+)$", r"\2 \1", whole)  # dimension of embeddings
    narrowed = re.sub(r"^([^()]+?) *\(([^()]+)\)$", r"\2 \1", whole)  # dropout (classifier)
    named = [plain_name(one) for one in (whole, *inner, spelled, turned)]
    bare = re.sub(r" *\$[^$]*\$ *", "", whole)  # batch size $B$, $L_2$ weight decay
    if named[0] != "stepsize" and re.search(r"sched.*step_size$", whole):
        return ("training.schedule.every",)
    if named[0] == "stepsize" and "epoch" in whole:  # what stands in brackets is the unit
        return ("training.schedule.every",)
    first = [*named[: len(parts)], plain_name(bare)]
    stripped = [one for name in first for one in _strip_prefixes(name)]
    for text in dict.fromkeys((plain_name(narrowed), *first, *stripped, *named[len(parts) :])):
        if text in _KNOWN:
            return (_KNOWN[text],)
        if text in SEVERAL:
            return SEVERAL[text]
        if text in UNCLEAR:
            inside = _KNOWN.get(plain_name("".join(re.findall(r"\(([^()]+)\)", whole))))
            return (inside,) if inside in UNCLEAR[text] else UNCLEAR[text]
    place = find_place(whole) if re.search(r"drop.?out", whole) else None
    return () if place is None else (place,)


def _find_beside(parts: Sequence[str]) -> str | None:
    """A setting by its own last name, in a section that goes by another one: `lr_schedule.every`."""
    section = _KNOWN.get(plain_name(parts[-2])) if len(parts) > 1 else None
    path = None if section is None else f"{section.rpartition('.')[0]}.{parts[-1]}"
    return path if path in _NAMES else None


def find_place(words: str) -> str | None:
    """Which dropout is meant, by words that say where it acts; None where they do not."""
    return next((place for said, place in _PLACES.items() if re.search(said, words.lower())), None)


def _strip_prefixes(text: str) -> list[str]:
    found = [text.removeprefix(one) for one in PREFIXES if text.startswith(one) and text != one]
    return [*found, *(inner for one in found if one != text for inner in _strip_prefixes(one))]
