"""Changes of single factories that are healthy: other layers, other pooling, other positions."""

from __future__ import annotations

from exam.training.fault import Changes

DROPPED = "a little dropout on word vectors, in training alone"
NORMED = "features are normalised row by row"

MODULE_CHANGES: dict[str, tuple[tuple[str, str, Changes], ...]] = {
    "attention_net": (
        (
            "words-dropped-out",
            DROPPED,
            (
                ("        self.key =", "        self.dropout = nn.Dropout(0.2)\n        self.key ="),
                ("embedded = self.embedding(tokens)", "embedded = self.dropout(self.embedding(tokens))"),
            ),
        ),
        ("scaled-scores", "scores are divided by the root of the width", (("squeeze(2)\n", "squeeze(2) / 32**0.5\n"),)),
        (
            "least-number-as-mask",
            "padding gets the least number there is",
            (("-1e9", "torch.finfo(scores.dtype).min"),),
        ),
        (
            "gelu-head",
            "a hidden layer before the classes",
            (
                (
                    "nn.Linear(width, len(info.classes))",
                    "nn.Sequential(\n            nn.Linear(width, 64), nn.GELU(), "
                    "nn.Linear(64, len(info.classes))\n        )",
                ),
            ),
        ),
        (
            "normalised",
            NORMED,
            (
                ("        self.key =", "        self.norm = nn.LayerNorm(width)\n        self.key ="),
                ("self.classifier(pooled)", "self.classifier(self.norm(pooled))"),
            ),
        ),
        (
            "mean-beside-attention",
            "attention and the mean, side by side",
            (
                ("nn.Linear(width, len(info.classes))", "nn.Linear(2 * width, len(info.classes))"),
                (
                    "self.classifier(pooled)",
                    "self.classifier(torch.cat([pooled, embedded.sum(1) / lengths.clamp(min=1).unsqueeze(1)], dim=1))",
                ),
            ),
        ),
        (
            "small-vectors",
            "word vectors are drawn with a deviation of .3",
            (
                (
                    "        self.key =",
                    "        nn.init.normal_(self.embedding.weight, std=0.3)\n"
                    "        nn.init.zeros_(self.embedding.weight[info.pad_id].detach())\n        self.key =",
                ),
            ),
        ),
    ),
    "bag_net": (
        (
            "maximum",
            "the largest value of every feature, without padding",
            (
                (
                    "mean = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)",
                    "words = nn.functional.pad(tokens, (0, 1), value=self.pad)\n"
                    "        words = self.embedding(words).masked_fill((words == self.pad).unsqueeze(2), -10.0)\n"
                    "        mean = words.amax(1)",
                ),
            ),
        ),
        (
            "mean-by-mask",
            "the mean over what is not padding",
            (
                (
                    "mean = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)",
                    "filled = (tokens != self.pad).unsqueeze(2)\n"
                    "        mean = (self.embedding(tokens) * filled).sum(1) / filled.sum(1).clamp(min=1)",
                ),
            ),
        ),
        (
            "normalised",
            NORMED,
            (
                ("        self.relu =", "        self.norm = nn.LayerNorm(64)\n        self.relu ="),
                ("self.relu(self.hidden(mean))", "self.relu(self.norm(self.hidden(mean)))"),
            ),
        ),
        (
            "normalised-by-batch",
            "batches of 32 rows have statistics enough",
            (
                ("        self.relu =", "        self.norm = nn.BatchNorm1d(64)\n        self.relu ="),
                ("self.relu(self.hidden(mean))", "self.relu(self.norm(self.hidden(mean)))"),
            ),
        ),
        ("wide", "three times as wide", (("width=32", "width=96"),)),
        ("gelu", "another activation", (("nn.ReLU()", "nn.GELU()"),)),
        ("leaky", "units that are never silent", (("nn.ReLU()", "nn.LeakyReLU(0.1)"),)),
        (
            "residual",
            "a second layer is added to the first",
            (
                ("        self.relu =", "        self.second = nn.Linear(64, 64)\n        self.relu ="),
                (
                    "hidden = self.drop(self.relu(self.hidden(mean)))",
                    "first = self.relu(self.hidden(mean))\n"
                    "        hidden = self.drop(first + self.relu(self.second(first)))",
                ),
            ),
        ),
        (
            "frozen-and-wide",
            "random vectors that stay as they are; the wide layer after them does the work",
            (
                ("width=32", "width=128"),
                (
                    "        self.hidden = nn.Linear(width, 64)\n",
                    "        self.embedding.weight.requires_grad_(False)\n        self.hidden = nn.Linear(width, 64)\n",
                ),
            ),
        ),
    ),
    "bigru_net": (
        (
            "two-layers",
            "two layers, with dropout between them",
            (
                ("bidirectional=True)", "bidirectional=True, num_layers=2, dropout=0.1)"),
                ("features = state.transpose", "features = state[-2:].transpose"),
            ),
        ),
        (
            "maximum",
            "the largest value of every feature over the states of words",
            (
                ("import pack_padded_sequence", "import pack_padded_sequence, pad_packed_sequence"),
                ("_, state = self.gru(packed)", "states, _ = self.gru(packed)"),
                (
                    "features = state.transpose(0, 1).reshape(len(tokens), 2 * self.width)",
                    "features = pad_packed_sequence(states, batch_first=True, padding_value=-10.0)[0].amax(1)",
                ),
            ),
        ),
        (
            "mean",
            "the mean of the states of words",
            (
                ("import pack_padded_sequence", "import pack_padded_sequence, pad_packed_sequence"),
                ("_, state = self.gru(packed)", "states, _ = self.gru(packed)"),
                (
                    "features = state.transpose(0, 1).reshape(len(tokens), 2 * self.width)",
                    "states, _ = pad_packed_sequence(states, batch_first=True)\n"
                    "        features = states.sum(1) / lengths.clamp(min=1).unsqueeze(1)",
                ),
            ),
        ),
        (
            "lstm",
            "an LSTM in place of the GRU",
            (("nn.GRU(", "nn.LSTM("), ("_, state = self.gru(packed)", "_, (state, _) = self.gru(packed)")),
        ),
        ("normalised", NORMED, (("nn.Sequential(", "nn.Sequential(nn.LayerNorm(2 * width), "),)),
        (
            "orthogonal",
            "recurrent weights begin as rotations",
            (
                (
                    "        self.fc =",
                    "        for name, weight in self.gru.named_parameters():\n"
                    '            if name.startswith("weight_hh"):\n'
                    "                nn.init.orthogonal_(weight)\n        self.fc =",
                ),
            ),
        ),
    ),
    "cnn_net": (
        (
            "maximum",
            "the largest value of every channel inside the row",
            (("x = (x * inside).sum(2) / lengths.clamp(min=1).unsqueeze(1)", "x = x.masked_fill(~inside, 0).amax(2)"),),
        ),
        ("wide-filters", "filters of five places", (("channels, 3, padding=1)", "channels, 5, padding=2)"),)),
        (
            "dropped-out",
            "a fifth of the channels is left out while training",
            (
                ("        self.fc =", "        self.dropout = nn.Dropout(0.2)\n        self.fc ="),
                ("self.fc(x)", "self.fc(self.dropout(x))"),
            ),
        ),
        (
            "residual",
            "a second layer of filters is added to the first",
            (
                (
                    "        self.fc =",
                    "        self.second = nn.Conv1d(channels, channels, 3, padding=1)\n        self.fc =",
                ),
                (
                    "x = torch.relu(self.norm(self.conv(x)))",
                    "x = torch.relu(self.norm(self.conv(x)))\n        x = x + torch.relu(self.second(x))",
                ),
            ),
        ),
        (
            "normalised-in-groups",
            "channels are normalised in eight groups",
            (("nn.BatchNorm1d(channels)", "nn.GroupNorm(8, channels)"),),
        ),
        ("silu", "another activation", (("torch.relu(self.norm", "nn.functional.silu(self.norm"),)),
    ),
    "lstm_net": (
        (
            "forget-gate-open",
            "the forget gate begins open, as is usual",
            (
                (
                    "        self.classifier =",
                    "        with torch.no_grad():\n"
                    "            self.lstm.bias_ih_l0[width : 2 * width].fill_(1.0)\n        self.classifier =",
                ),
            ),
        ),
        (
            "two-layers",
            "two layers, with dropout between them",
            (("width, width, batch_first=True)", "width, width, num_layers=2, dropout=0.2, batch_first=True)"),),
        ),
        (
            "mean-of-states",
            "the mean of the states of words",
            (
                (
                    "last = states[torch.arange(len(tokens)), (lengths - 1).clamp(min=0)]",
                    "inside = torch.arange(states.shape[1]) < lengths.unsqueeze(1)\n"
                    "        last = (states * inside.unsqueeze(2)).sum(1) / lengths.clamp(min=1).unsqueeze(1)",
                ),
            ),
        ),
        (
            "maximum-of-states",
            "the largest value of every feature over the states of words",
            (
                (
                    "last = states[torch.arange(len(tokens)), (lengths - 1).clamp(min=0)]",
                    "inside = torch.arange(states.shape[1]) < lengths.clamp(min=1).unsqueeze(1)\n"
                    "        last = states.masked_fill(~inside.unsqueeze(2), -10.0).amax(1)",
                ),
            ),
        ),
        (
            "words-dropped-out",
            DROPPED,
            (
                ("        self.lstm =", "        self.dropout = nn.Dropout(0.2)\n        self.lstm ="),
                ("embedded = self.embedding(tokens)", "embedded = self.dropout(self.embedding(tokens))"),
            ),
        ),
        (
            "normalised",
            NORMED,
            (
                ("        self.classifier =", "        self.norm = nn.LayerNorm(width)\n        self.classifier ="),
                ("self.classifier(last)", "self.classifier(self.norm(last))"),
            ),
        ),
        (
            "projected",
            "states are narrower than cells",
            (("width, width, batch_first=True)", "width, 2 * width, proj_size=width, batch_first=True)"),),
        ),
    ),
    "stack_net": (
        (
            "residual",
            "each layer is added to what it reads",
            (("x = self.activation(layer(x))", "x = x + self.activation(layer(x))"),),
        ),
        (
            "normalised",
            "what each layer gives is normalised row by row",
            (
                ("        self.output =", "        self.norm = nn.LayerNorm(width)\n        self.output ="),
                ("x = self.activation(layer(x))", "x = self.norm(self.activation(layer(x)))"),
            ),
        ),
        (
            "dropped-out",
            "a tenth of each layer is left out while training",
            (
                ("        self.output =", "        self.dropout = nn.Dropout(0.1)\n        self.output ="),
                ("x = self.activation(layer(x))", "x = self.dropout(self.activation(layer(x)))"),
            ),
        ),
        ("two-layers", "one layer less", (("depth=3", "depth=2"),)),
        ("gelu", "another activation", (("nn.ReLU()", "nn.GELU()"),)),
        (
            "selu",
            "an activation that normalises by itself",
            (("nn.ReLU()", "nn.SELU()"), ('nonlinearity="relu"', 'nonlinearity="linear"')),
        ),
        ("wide", "twice as wide", (("width=48", "width=96"),)),
    ),
    "transformer_net": (
        (
            "normalised-first",
            "rows are normalised before each part of a layer",
            (("batch_first=True)", "batch_first=True, norm_first=True)"),),
        ),
        (
            "learned-positions",
            "positions are learned like words",
            (
                (
                    "self.positions = Positions(width)",
                    "self.positions = nn.Embedding(512, width)\n"
                    "        nn.init.normal_(self.positions.weight, std=0.1)",
                ),
                (
                    "x = self.positions(self.embedding(tokens))",
                    "x = self.embedding(tokens) + self.positions(torch.arange(tokens.shape[1]))",
                ),
            ),
        ),
        ("gelu", "another activation", (("batch_first=True)", 'batch_first=True, activation="gelu")'),)),
        ("one-layer", "one layer is enough", (("(layer, 2,", "(layer, 1,"),)),
        ("eight-heads", "eight narrow heads", (("(width, 4, 64,", "(width, 8, 64,"),)),
        (
            "maximum",
            "the largest value of every feature, without padding",
            (
                (
                    "x.masked_fill(padding.unsqueeze(2), 0).sum(1) / lengths.unsqueeze(1)",
                    "x.masked_fill(padding.unsqueeze(2), -1e4).amax(1)",
                ),
            ),
        ),
        (
            "scaled-words",
            "small word vectors are scaled up, as in the first transformer",
            (
                (
                    "        self.positions =",
                    "        nn.init.normal_(self.embedding.weight, std=0.2)\n        self.positions =",
                ),
                ("self.positions(self.embedding(tokens))", "self.positions(self.embedding(tokens) * 32**0.5)"),
            ),
        ),
    ),
}
"""{program: (name, why, changes)}."""
