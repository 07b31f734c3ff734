"""The names that settings go by: in papers, Hugging Face, Keras, Lightning, scikit-learn and everyday scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping

DROPOUTS = ("model.dropout.embedding", "model.dropout.encoder", "model.dropout.head")
_NAMES: Mapping[str, str] = {
    "training.learning_rate": "learning_rate lr initial_learning_rate init_lr base_lr base_learning_rate peak_lr "
    "peak_learning_rate max_lr eta eta0 learning_rate_init alpha_lr",
    "training.weight_decay": "weight_decay wd l2 l2_regularization l2_regularisation l2_penalty weight_decay_rate "
    "l2_weight l2_coefficient",
    "training.batch_size": "batch_size bs batch batchsize mini_batch_size minibatch minibatch_size train_batch_size "
    "per_device_train_batch_size per_gpu_train_batch_size per_device_batch_size training_batch_size",
    "training.epochs": "epochs epoch n_epochs num_epochs num_train_epochs max_epochs training_epochs number_of_epochs "
    "nb_epochs nb_epoch train_epochs max_epoch max_iter max_steps num_steps train_steps training_steps total_steps "
    "num_train_steps num_training_steps max_train_steps max_iterations iterations n_steps number_of_steps",
    "training.optimiser": "optimizer optimiser optim optimizer_name optimiser_name solver optimization_algorithm",
    "training.momentum": "momentum sgd_momentum",
    "training.clip": "clip grad_clip gradient_clip gradient_clipping grad_clipping max_grad_norm gradient_clip_val "
    "clip_norm clipnorm global_clipnorm clip_grad_norm grad_clip_norm max_norm grad_norm_clip clip_value gradient_norm "
    "max_gradient_norm",
    "training.label_smoothing": "label_smoothing label_smoothing_factor smoothing",
    "training.class_weights": "class_weights class_weight loss_weights class_weighting",
    "training.schedule.kind": "schedule scheduler lr_scheduler lr_scheduler_type learning_rate_schedule lr_schedule "
    "learning_rate_scheduler lr_decay_schedule",
    "training.schedule.warmup": "warmup warm_up warmup_epochs warmup_steps num_warmup_steps warmup_ratio "
    "warmup_proportion warm_up_epochs lr_warmup",
    "training.schedule.every": "scheduler_step_size lr_step_size decay_every lr_decay_every",
    "training.schedule.gamma": "gamma lr_gamma lr_decay_factor decay_factor lr_decay lr_decay_rate",
    "training.early_stopping.patience": "patience early_stopping_patience early_stop_patience early_stopping",
    "training.early_stopping.metric": "early_stopping_metric",
    "training.selection.metric": "metric_for_best_model selection_metric checkpoint_metric model_selection_metric "
    "monitor model_selection best_model_metric",
    "training.selection.split": "selection_split model_selection_split",
    "training.precision": "precision dtype torch_dtype mixed_precision bf16 fp32 fp16 half_precision amp",
    "training.device": "device accelerator hardware",
    "model.family": "model family architecture arch model_type encoder network rnn_type cell_type rnn cell model_name",
    "model.hidden": "hidden hidden_size hidden_dim hidden_dims hidden_units units nhid n_hidden d_model dim_model "
    "d_hidden encoder_hidden_size encoder_hidden_dim encoder_embed_dim hidden_layer_units lstm_size lstm_hidden_size "
    "width hidden_dimension hidden_state_size hidden_layer_size rnn_size lstm_units model_dim rnn_units hidden_width",
    "model.layers": "layers num_layers n_layers nlayers num_hidden_layers number_of_layers depth n_layer "
    "encoder_layers num_encoder_layers rnn_layers stacked_layers",
    "model.bidirectional": "bidirectional bidir",
    "model.heads": "heads nhead n_heads num_heads n_head num_attention_heads attention_heads number_of_heads",
    "model.positions": "positions positional_encoding positional_encodings positional_embeddings position_embeddings "
    "positional_embedding",
    "model.pooling": "pooling pool readout pooler aggregation pooling_mode sentence_pooling",
    "model.dropout.embedding": "embedding_dropout dropout_embedding emb_dropout input_dropout embd_pdrop embed_dropout",
    "model.dropout.encoder": "encoder_dropout dropout_encoder rnn_dropout lstm_dropout hidden_dropout "
    "hidden_dropout_prob resid_pdrop layer_dropout inter_layer_dropout",
    "model.dropout.head": "head_dropout dropout_head classifier_dropout output_dropout classifier_dropout_prob "
    "final_dropout",
    "model.embedding.dim": "embedding_dim embedding_size embedding_dimension emb_dim emb_size embed_size embed_dim "
    "word_embedding_size d_embed token_embedding_size output_dim embeddings_dim",
    "model.embedding.mode": "embedding_mode embeddings embedding freeze_embeddings freeze_embedding frozen_embeddings "
    "embedding_trainable trainable_embeddings train_embeddings",
    "model.embedding.scale": "embedding_scale embedding_std embedding_init_std",
    "data.tokens": "tokenization tokenisation tokens tokenizer tokeniser",
    "data.order": "order token_order word_order",
    "data.factor": "factor",
    "data.spelling": "spelling",
    "data.train_rows": "train_rows train_size training_size training_examples n_train train_examples num_train "
    "training_set_size train_samples training_rows number_of_training_examples",
    "seeds": "seeds seed random_seeds random_seed n_seeds num_seeds number_of_seeds runs n_runs num_runs "
    "number_of_runs trials repetitions replicates random_state",
    "library.optimiser.eps": "eps epsilon adam_epsilon adam_eps optimizer_eps optimizer_epsilon",
    "library.optimiser.betas": "betas adam_betas beta",
    "library.optimiser.beta1": "beta1 beta_1 adam_beta1 adam_beta_1",
    "library.optimiser.beta2": "beta2 beta_2 adam_beta2 adam_beta_2",
    "library.optimiser.amsgrad": "amsgrad",
    "library.optimiser.nesterov": "nesterov nesterov_momentum use_nesterov",
    "report.metric": "metric evaluation_metric headline_metric primary_metric",
}
SEVERAL: Mapping[str, tuple[str, ...]] = {"dropout": DROPOUTS, "dropoutrate": DROPOUTS, "pdrop": DROPOUTS,
                                          "dropoutprob": DROPOUTS, "dropoutprobability": DROPOUTS}  # fmt: skip
"""Names that stand for several settings at once."""
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
PREFIXES = ("trainingarguments", "trainingargs", "trainer", "training", "train", "optimizer", "optimiser", "optim",
            "config", "args", "hparams", "hyperparameters", "model", "settings", "params", "data")  # fmt: skip


def plain_name(text: str) -> str:
    """A name without case, spaces, hyphens, and what stands in brackets: `Learning rate (Adam)` is `learningrate`."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\(.*?\)|\[.*?\]", "", text.lower()))


_KNOWN = {plain_name(alias): path for path, aliases in _NAMES.items() for alias in aliases.split()}


def find_paths(name: str) -> tuple[str, ...]:
    """The settings that a name may stand for, none where it is not known: several for one such as `dropout`. The whole
    name first, then what follows the last dot or slash, then the name without a first word such as `optimizer`."""
    whole = name.strip().lower()
    if whole in _NAMES or whole.startswith("model.params."):
        return (name.strip() if whole.startswith("model.params.") else whole,)
    last = re.split(r"[./:]", whole)[-1]
    for text in dict.fromkeys((plain_name(whole), plain_name(last), *_strip_prefixes(plain_name(whole)))):
        if text in _KNOWN:
            return (_KNOWN[text],)
        if text in SEVERAL:
            return SEVERAL[text]
        if text in UNCLEAR:
            return UNCLEAR[text]
    return ()


def _strip_prefixes(text: str) -> list[str]:
    return [text.removeprefix(one) for one in PREFIXES if text.startswith(one) and text != one]
