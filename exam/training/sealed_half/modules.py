"""Sealed faults in modules that brittlestar trains."""

from __future__ import annotations

from exam.training.fault import Fault

GITHUB = "https://github.com/"
MATES = (
    r"depends? on.{0,40}(other rows|batch|mates|rows before)",
    r"(batch|other rows).{0,60}(change|differ|mix|reach|axis|dimension)",
    r"batch (axis|dimension)",
)

FAULTS = (
    Fault(
        name="attention-over-the-batch",
        kind="attention over the batch",
        report=f"{GITHUB}PetrochukM/PyTorch-NLP/issues/2",
        program="attention_net",
        task="markers",
        changes=(("masked_fill(~inside, -1e9), dim=1)", "masked_fill(~inside, -1e9), dim=0)"),),
        family="modules",
        codes=("train.batching", "padding.batch"),
        words=(*MATES, r"softmax"),
        place=(r"softmax|batch|attention",),
    ),
    Fault(
        name="state-kept-between-batches",
        kind="state carried between batches",
        report=f"{GITHUB}nyu-mll/jiant/pull/345",
        program="lstm_net",
        task="order",
        changes=(
            (
                "        states, _ = self.lstm(embedded)\n",
                "        if self.hidden is not None and self.hidden[0].shape[1] != len(tokens):\n"
                "            self.hidden = None\n"
                "        states, hidden = self.lstm(embedded, self.hidden)\n"
                "        self.hidden = tuple(part.detach() for part in hidden)\n",
            ),
            ("        self.classifier =", "        self.hidden = None\n        self.classifier ="),
        ),
        family="modules",
        codes=("padding.batch", "eval.stochastic"),
        words=(
            *MATES,
            r"(hidden )?state.{0,60}(kept|carried|between|before|reset)",
            r"same (input|row)s?.{0,40}(differ|other|twice|change)",
        ),
        place=(r"state|lstm|hidden|batch",),
    ),
    Fault(
        name="state-at-the-last-column",
        kind="state of padding",
        report=f"{GITHUB}keitakurita/practical-torchtext/issues/5",
        program="lstm_net",
        task="order",
        changes=(
            (
                "        last = states[torch.arange(len(tokens)), (lengths - 1).clamp(min=0)]\n",
                "        last = states[:, -1]\n",
            ),
        ),
        family="padding",
        codes=("padding.leaks", "padding.batch"),
        words=(r"padding", r"pads?\b"),
        place=(r"padding|last|lstm",),
    ),
    Fault(
        name="mask-the-other-way-round",
        kind="mask inverted",
        report=f"{GITHUB}facebookresearch/detr/issues/96",
        program="transformer_net",
        task="order",
        changes=(("src_key_padding_mask=padding)", "src_key_padding_mask=~padding)"),),
        family="padding",
        codes=("padding.leaks", "padding.batch"),
        words=(r"mask", r"padding"),
        place=(r"mask|padding|encoder",),
    ),
    Fault(
        name="state-viewed-not-transposed",
        kind="view in place of transpose",
        report=f"{GITHUB}timbmg/Sentence-VAE/issues/15",
        program="bigru_net",
        task="order",
        changes=(
            ("state.transpose(0, 1).reshape(len(tokens), 2 * self.width)", "state.view(len(tokens), 2 * self.width)"),
        ),
        family="modules",
        codes=("train.batching", "padding.batch"),
        words=(*MATES, r"view|reshape|transpose"),
        place=(r"state|gru|batch|view",),
    ),
    Fault(
        name="every-weight-alike",
        kind="constant weights",
        report=f"{GITHUB}wagonhelm/NaNmnist/issues/2",
        program="bag_net",
        task="markers",
        changes=(
            (
                "        self.out = nn.Linear(64, len(info.classes))\n",
                "        self.out = nn.Linear(64, len(info.classes))\n        for weight in self.parameters():\n"
                "            nn.init.constant_(weight, 0.05)\n",
            ),
        ),
        both=(("nn.Dropout(0.1)", "nn.Dropout(0.0)"),),
        family="parameters",
        codes=("train.symmetric",),
        words=(r"(units|weights|columns).{0,60}(same|equal|alike|identical)", r"symmetr", r"initiali[sz]"),
        place=(r"hidden|embedding|out\b|weight",),
    ),
    Fault(
        name="bias-below-zero",
        kind="dead units",
        report=f"{GITHUB}facebookresearch/dlrm/pull/358",
        program="bag_net",
        task="markers",
        changes=(
            (
                "        self.relu = nn.ReLU()\n",
                "        nn.init.constant_(self.hidden.bias, -10.0)\n        self.relu = nn.ReLU()\n",
            ),
        ),
        family="parameters",
        codes=("train.dead-units", "train.unchanged"),
        words=(r"dead|never (fire|active|positive)|always (zero|0)", r"(units|activations).{0,40}(zero|0\b)", r"ReLU"),
        place=(r"hidden|relu",),
    ),
    Fault(
        name="functional-dropout-never-off",
        kind="dropout never off",
        report=f"{GITHUB}Coderx7/SimpleNet/issues/2",
        program="bigru_net",
        task="order",
        changes=(
            (
                "        return self.fc(features)\n",
                "        return self.fc(nn.functional.dropout(features, 0.95, training=True))\n",
            ),
        ),
        family="evaluation",
        codes=("eval.stochastic",),
        words=(r"same (input|row)s?.{0,40}(differ|other|twice|change)", r"dropout", r"evaluation mode|eval\(\)"),
        place=(r"dropout|forward|output|predict",),
    ),
    Fault(
        name="vectors-frozen-by-default",
        kind="embedding frozen",
        report=f"{GITHUB}RUCAIBox/RecBole/issues/2046",
        program="attention_net",
        task="markers",
        changes=(
            (
                "nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)",
                "nn.Embedding.from_pretrained(torch.randn(info.vocabulary_size, width), padding_idx=info.pad_id)",
            ),
        ),
        family="parameters",
        codes=("embedding.frozen", "train.unchanged"),
        words=(r"embedding.{0,60}(frozen|never|not trained|random|unchanged|does not move)", r"frozen"),
        place=(r"embedding",),
    ),
    Fault(
        name="sigmoid-before-cross-entropy",
        kind="sigmoid before cross-entropy",
        report=f"{GITHUB}eriklindernoren/PyTorch-YOLOv3/issues/10",
        program="cnn_net",
        task="counts",
        changes=(("        return self.fc(x)\n", "        return torch.sigmoid(self.fc(x))\n"),),
        family="loss",
        codes=("train.loss-mismatch",),
        words=(
            r"sigmoid",
            r"(outputs?|logits).{0,60}(between (0|zero) and (1|one)|bounded|squashed|within \[?0|cut)",
            r"probabilit.{0,60}(logits|loss)",
        ),
        place=(r"output|logits|forward|fc\b",),
    ),
)
