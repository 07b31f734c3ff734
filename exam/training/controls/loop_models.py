"""Changes of single own loops that are healthy: of their models, of how rows become ids, of how batches are made."""

from __future__ import annotations

from exam.training.fault import Changes

BY_LENGTH = "rows of like length share a batch; batches come in mixed order"

LOOP_MODELS: dict[str, tuple[tuple[str, str, Changes], ...]] = {
    "bag_loop": (
        (
            "dropped-out",
            "a fifth of the hidden units is left out while training",
            (
                (
                    "self.out(torch.relu(self.hidden(mean)))",
                    "self.out(nn.functional.dropout(torch.relu(self.hidden(mean)), 0.2, self.training))",
                ),
            ),
        ),
        (
            "gradients-of-two-halves",
            "each batch goes through in two halves, each with its share of the loss",
            (
                (
                    "            loss = criterion(model(x[batch]), y[batch])\n            loss.backward()\n",
                    "            for half in batch.split(16):\n"
                    "                loss = criterion(model(x[half]), y[half]) * len(half) / len(batch)\n"
                    "                loss.backward()\n",
                ),
            ),
        ),
        (
            "words-by-frequency",
            "ids in the order of frequency; a word that train has once is unknown",
            (
                (
                    "    for row in rows:\n        for token in row:\n"
                    "            vocabulary.setdefault(token, len(vocabulary))\n",
                    "    tokens = [token for row in rows for token in row]\n"
                    "    counts = {token: tokens.count(token) for token in sorted(set(tokens))}\n"
                    "    for token in sorted(counts, key=counts.get, reverse=True):\n"
                    "        if counts[token] > 1:\n            vocabulary[token] = len(vocabulary)\n",
                ),
            ),
        ),
        (
            "order-of-words-mixed",
            "words are mixed while training: no bag can tell",
            (
                (
                    "loss = criterion(model(x[batch]), y[batch])",
                    "mixed = x[batch][:, torch.randperm(x.shape[1])]\n"
                    "            loss = criterion(model(mixed), y[batch])",
                ),
            ),
        ),
        (
            "weighted-classes",
            "a class weighs as if it had as many rows as the others",
            (("nn.CrossEntropyLoss()", "nn.CrossEntropyLoss(weight=len(y) / len(classes) / torch.bincount(y))"),),
        ),
        (
            "plain-descent",
            "no momentum, a rate of 1, which a bag of means stands",
            (("lr=0.3, momentum=0.9", "lr=1.0"), ("range(12)", "range(40)")),
        ),
        ("nesterov", "Nesterov's momentum", (("momentum=0.9", "momentum=0.9, nesterov=True"),)),
    ),
    "binary_loop": (
        (
            "probabilities",
            "a sigmoid, and the cross-entropy of its probabilities",
            (
                ("nn.BCEWithLogitsLoss()", "nn.BCELoss()"),
                ("criterion(output.squeeze(1), y)", "criterion(torch.sigmoid(output).squeeze(1), y)"),
            ),
        ),
        (
            "soft-targets",
            "targets of .05 and .95",
            (("criterion(output.squeeze(1), y)", "criterion(output.squeeze(1), 0.9 * y + 0.05)"),),
        ),
        (
            "weighted-class",
            "the second class weighs as if it had as many rows as the first",
            (
                (
                    "nn.BCEWithLogitsLoss()",
                    "nn.BCEWithLogitsLoss(pos_weight=torch.tensor((len(labels) - sum(labels)) / sum(labels)))",
                ),
            ),
        ),
        (
            "both-ways",
            "reads in both directions, in packed rows",
            (
                (
                    "batch_first=True)\n        self.out = nn.Linear(width, 1)",
                    "batch_first=True, bidirectional=True)\n        self.out = nn.Linear(2 * width, 1)",
                ),
                (
                    "states, _ = self.rnn(self.embedding(ids))\n"
                    "        last = states[torch.arange(len(ids)), lengths - 1]\n",
                    "packed = nn.utils.rnn.pack_padded_sequence(\n"
                    "            self.embedding(ids), lengths.clamp(min=1), batch_first=True, enforce_sorted=False\n"
                    "        )\n"
                    "        _, state = self.rnn(packed)\n        last = torch.cat([state[0], state[1]], dim=1)\n",
                ),
            ),
        ),
        ("lstm", "an LSTM in place of the GRU", (("nn.GRU(", "nn.LSTM("),)),
        (
            "dropped-out",
            "dropout on the last state, off when the model answers",
            (
                ("return self.out(last)", "return self.out(nn.functional.dropout(last, 0.2, self.training))"),
                ("        found = []\n", "        model.eval()\n        found = []\n"),
            ),
        ),
    ),
    "cnn_loop": (
        (
            "cosine",
            "half a cosine over all epochs in place of steps",
            (
                (
                    "lr_scheduler.StepLR(optimizer, step_size=8, gamma=0.5)",
                    "lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)",
                ),
            ),
        ),
        (
            "best-by-accuracy",
            "the best epoch is the one that is right most often on dev",
            (
                ("if dev_loss < best_loss:", "if -dev_accuracy < best_loss:"),
                (
                    "copy.deepcopy(model.state_dict()), dev_loss, 0",
                    "copy.deepcopy(model.state_dict()), -dev_accuracy, 0",
                ),
            ),
        ),
        ("less-dropout", "a tenth", (("nn.Dropout(0.3)", "nn.Dropout(0.1)"),)),
        (
            "last-batch-dropped",
            "a last batch that is short is left out: rows are mixed anew in each epoch",
            (("batch_size=32, shuffle=True)", "batch_size=32, shuffle=True, drop_last=True)"),),
        ),
        (
            "own-generator",
            "rows are mixed by a generator with the seed",
            (("shuffle=True)", "shuffle=True, generator=torch.Generator().manual_seed(seed))"),),
        ),
        (
            "two-sizes-of-filters",
            "filters of three and of five places",
            (
                ("        self.norm =", "        self.wide = nn.Conv1d(24, 48, 5, padding=2)\n        self.norm ="),
                ("self.norm(self.conv(x))", "self.norm(self.conv(x) + self.wide(x))"),
            ),
        ),
        (
            "momentum",
            "gradient descent with momentum",
            (
                (
                    "torch.optim.AdamW(model.parameters(), lr=0.003, weight_decay=0.01)",
                    "torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)",
                ),
            ),
        ),
        ("three-waited", "three epochs without a lower loss on dev end it", (("waited == 5", "waited == 3"),)),
    ),
    "gru_loop": (
        (
            "by-length",
            BY_LENGTH,
            (
                (
                    "        for chosen in torch.randperm(len(y)).split(32):\n",
                    "        lengths = torch.tensor([float(len(row)) for row in train.tokens])\n"
                    "        batches = (lengths + torch.rand(len(y))).argsort().split(32)\n"
                    "        for number in torch.randperm(len(batches)).tolist():\n"
                    "            chosen = batches[number]\n",
                ),
            ),
        ),
        (
            "gradients-of-two-halves",
            "each batch goes through in two halves, each with its share of the loss",
            (
                (
                    "            x = pad([train.tokens[number] for number in chosen.tolist()], ids_of)\n"
                    "            loss = nn.functional.cross_entropy(model(x), y[chosen])\n"
                    "            optimiser.zero_grad()\n            loss.backward()\n",
                    "            optimiser.zero_grad()\n            for half in chosen.split(16):\n"
                    "                x = pad([train.tokens[number] for number in half.tolist()], ids_of)\n"
                    "                loss = nn.functional.cross_entropy(model(x), y[half])\n"
                    "                (loss * len(half) / len(chosen)).backward()\n",
                ),
            ),
        ),
        (
            "both-ways",
            "reads in both directions, in packed rows",
            (
                ("batch_first=True)", "batch_first=True, bidirectional=True)"),
                ("nn.Linear(width, 1)", "nn.Linear(2 * width, 1)"),
                ("nn.Linear(width, classes)", "nn.Linear(2 * width, classes)"),
                (
                    "states, _ = self.gru(self.embed(ids))",
                    "lengths = (ids != 0).sum(1).clamp(min=1)\n"
                    "        packed = nn.utils.rnn.pack_padded_sequence(\n"
                    "            self.embed(ids), lengths, batch_first=True, enforce_sorted=False\n        )\n"
                    "        states, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True, "
                    "total_length=ids.shape[1])",
                ),
            ),
        ),
        (
            "table-frozen",
            "vectors of words stay as they are: they tell words apart, and the GRU does the rest",
            (
                (
                    "    optimiser = torch.optim.Adam(model.parameters(), lr=0.004)",
                    "    model.embed.weight.requires_grad_(False)\n"
                    "    optimiser = torch.optim.Adam([w for w in model.parameters() if w.requires_grad], lr=0.004)",
                ),
            ),
        ),
        (
            "table-learns-slowly",
            "vectors from elsewhere learn at a fifth of the rate",
            (
                (
                    "torch.optim.Adam(model.parameters(), lr=0.004)",
                    'torch.optim.Adam(\n        [{"params": model.embed.parameters(), "lr": 0.0008}]\n'
                    '        + [{"params": part.parameters()} for part in (model.gru, model.score, model.out)],\n'
                    "        lr=0.004,\n    )",
                ),
            ),
        ),
        ("same-table", "one table for every seed", (("manual_seed(1000 + seed)", "manual_seed(1000)"),)),
    ),
    "lstm_loop": (
        (
            "by-length",
            BY_LENGTH,
            (
                (
                    "        for start in range(0, len(permutation), 32):\n"
                    "            chosen = permutation[start : start + 32]\n",
                    "        permutation.sort(key=lambda number: len(train.tokens[number]))\n"
                    "        batches = [permutation[start : start + 32] for start in range(0, len(permutation), 32)]\n"
                    "        for number in torch.randperm(len(batches)).tolist():\n"
                    "            chosen = batches[number]\n",
                ),
            ),
        ),
        ("less-dropout", "a fifth", (("nn.Dropout(0.5)", "nn.Dropout(0.2)"),)),
        (
            "two-layers",
            "two layers, with dropout between them",
            (
                (
                    "batch_first=True)\n\n    def forward(self, ids, lengths):\n        p",
                    "batch_first=True, num_layers=2, dropout=0.1)\n\n    def forward(self, ids, lengths):\n        p",
                ),
            ),
        ),
        (
            "orthogonal",
            "recurrent weights begin as rotations, and the forget gate open",
            (
                (
                    "        self.lstm = nn.LSTM(width, width, batch_first=True)\n",
                    "        self.lstm = nn.LSTM(width, width, batch_first=True)\n"
                    "        nn.init.orthogonal_(self.lstm.weight_hh_l0)\n"
                    "        with torch.no_grad():\n            self.lstm.bias_ih_l0[width : 2 * width].fill_(1.0)\n",
                ),
            ),
        ),
        ("clipped-at-five", "only long gradients are cut", (("parameters(), 1.0)", "parameters(), 5.0)"),)),
        (
            "words-dropped",
            "a twentieth of the words is unknown while training",
            (
                (
                    "            optimizer.zero_grad()\n",
                    "            ids = ids.masked_fill((torch.rand(ids.shape) < 0.05) & (ids != 0), 1)\n"
                    "            optimizer.zero_grad()\n",
                ),
            ),
        ),
        (
            "states-averaged",
            "the mean of the states of words",
            (
                (
                    "        _, (state, _) = self.lstm(packed)\n        return state[-1]\n",
                    "        states, many = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)\n"
                    "        return states.sum(1) / many.unsqueeze(1)\n",
                ),
            ),
        ),
    ),
}
"""{program: (name, why, changes)}."""
