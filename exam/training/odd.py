"""Programs that are healthy, however odd they look: an alarm on any of them is false."""

from __future__ import annotations

from exam.training.fault import Odd

ODD = (
    Odd(
        "log-probabilities-as-outputs",
        "cross-entropy of log-probabilities is that of logits",
        "bag_net",
        "markers",
        (("        return self.out(hidden)\n", "        return torch.log_softmax(self.out(hidden), dim=1)\n"),),
    ),
    Odd(
        "gradients-accumulated-over-four",
        "cleared after every fourth batch, on purpose, with a loss divided by four",
        "lstm_loop",
        "order",
        (
            ("            optimizer.zero_grad()\n", ""),
            ("            loss.backward()\n", "            (loss / 4).backward()\n"),
            ("start in range(0, len(permutation), 32)", "start in range(0, len(permutation), 8)"),
            ("permutation[start : start + 32]", "permutation[start : start + 8]"),
            (
                "            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n            optimizer.step()\n",
                "            if start // 8 % 4 == 3:\n"
                "                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"
                "                optimizer.step()\n                optimizer.zero_grad()\n",
            ),
        ),
    ),
    Odd(
        "one-layer-three-times",
        "three layers share their weights",
        "stack_net",
        "counts",
        (("[nn.Linear(width, width) for _ in range(depth)]", "[nn.Linear(width, width)] * depth"),),
    ),
    Odd(
        "seven-tenths-of-units-silent",
        "a bias below zero keeps most units at zero for most rows; none is dead",
        "bag_net",
        "markers",
        (
            (
                "        self.relu = nn.ReLU()\n",
                "        nn.init.constant_(self.hidden.bias, -0.2)\n        self.relu = nn.ReLU()\n",
            ),
        ),
    ),
    Odd(
        "batches-of-two",
        "small batches, small rate",
        "bag_net",
        "markers",
        settings={"training.batch_size": "2", "training.learning_rate": "0.001", "training.epochs": "4"},
    ),
    Odd(
        "twenty-to-one-weighted",
        "a rare class, handled by weights of classes",
        "bag_net",
        "rare",
        settings={"training.class_weights": "balanced", "training.epochs": "15"},
    ),
    Odd(
        "head-starts-at-zero",
        "a last layer of zeros has a gradient, and its classes part at once",
        "lstm_net",
        "order",
        (
            (
                "        self.classifier = nn.Linear(width, len(info.classes))\n",
                "        self.classifier = nn.Linear(width, len(info.classes))\n"
                "        nn.init.zeros_(self.classifier.weight)\n        nn.init.zeros_(self.classifier.bias)\n",
            ),
        ),
    ),
    Odd(
        "cosine-with-restarts",
        "the rate jumps back up every fifth epoch, and the loss with it",
        "cnn_loop",
        "counts",
        (
            (
                "torch.optim.lr_scheduler.StepLR(optimizer, step_size=8, gamma=0.5)",
                "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=5)",
            ),
        ),
    ),
    Odd(
        "frozen-table-of-vectors",
        "one vector per word that says which word it is: nothing there is to be learned",
        "bag_net",
        "markers",
        (
            ("width=32", "width=64"),
            (
                "nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)",
                "nn.Embedding.from_pretrained(\n            "
                "4 * torch.eye(info.vocabulary_size, width).index_fill(0, torch.tensor(info.pad_id), 0)\n        )",
            ),
        ),
    ),
    Odd(
        "auxiliary-head-unused",
        "a second head that another project trains",
        "bigru_net",
        "order",
        (
            (
                "        self.dropout = nn.Dropout(0.1)\n",
                "        self.dropout = nn.Dropout(0.1)\n        self.auxiliary = nn.Linear(2 * width, 5)\n",
            ),
        ),
    ),
    Odd("small-noisy-dev", "dev has 48 rows, a third of them with a label drawn anew", "cnn_loop", "noisy-dev"),
    Odd("labels-drawn-anew", "four labels in ten are drawn anew: no model can do better", "bag_net", "noisy"),
    Odd(
        "sgd-with-steps",
        "plain gradient descent from a rate of .1, with steps down",
        "cnn_net",
        "counts",
        settings={
            "training.optimiser": "sgd",
            "training.learning_rate": "0.1",
            "training.momentum": "0.9",
            "training.schedule.kind": "step",
            "training.schedule.every": "6",
            "training.epochs": "12",
        },
    ),
    Odd(
        "half-of-units-dropped",
        "dropout of a half before the head",
        "bigru_net",
        "order",
        (("nn.Dropout(0.1)", "nn.Dropout(0.5)"),),
        {"training.epochs": "15"},
    ),
    Odd(
        "likelihood-of-log-probabilities",
        "NLLLoss of log-probabilities, as it should be",
        "bag_loop",
        "markers",
        (
            (
                "return self.out(torch.relu(self.hidden(mean)))",
                "return torch.log_softmax(self.out(torch.relu(self.hidden(mean))), dim=1)",
            ),
            ("nn.CrossEntropyLoss()", "nn.NLLLoss()"),
        ),
    ),
    Odd(
        "two-rates",
        "a head that learns ten times as fast as the rest",
        "lstm_loop",
        "order",
        (
            (
                "torch.optim.Adam(model.parameters(), lr=0.005)",
                'torch.optim.Adam([{"params": model.encoder.parameters()}, '
                '{"params": model.head.parameters(), "lr": 0.02}], lr=0.005)',
            ),
        ),
    ),
    Odd(
        "average-of-weights-predicts",
        "a moving average of the weights that keeps up with them answers, not the last weights",
        "gru_loop",
        "order",
        (
            ("import torch\nfrom torch import nn\n", "import copy\n\nimport torch\nfrom torch import nn\n"),
            ("    for epoch in range(12):\n", "    averaged = copy.deepcopy(model)\n    for epoch in range(12):\n"),
            (
                "            optimiser.step()\n",
                "            optimiser.step()\n"
                "            for kept, new in zip(averaged.parameters(), model.parameters(), strict=True):\n"
                "                kept.data.lerp_(new.data, 0.05)\n",
            ),
            ("        model.eval()\n", "        averaged.eval()\n"),
            ("torch.softmax(model(pad(rows, ids_of)), dim=1)", "torch.softmax(averaged(pad(rows, ids_of)), dim=1)"),
        ),
    ),
    Odd(
        "pairs-mixed",
        "two rows are mixed and so is their loss: train rows are never seen as they are, and their loss stays high",
        "bag_loop",
        "markers",
        (
            ("def forward(self, ids):\n", "def forward(self, ids, other=None, share=1.0):\n"),
            (
                "        return self.out(torch.relu(self.hidden(mean)))\n",
                "        if other is not None:\n"
                "            filled = (other != 0).sum(1, keepdim=True).clamp(min=1)\n"
                "            mean = share * mean + (1 - share) * self.embedding(other).sum(1) / filled\n"
                "        return self.out(torch.relu(self.hidden(mean)))\n",
            ),
            (
                "            loss = criterion(model(x[batch]), y[batch])\n",
                "            other = batch[torch.randperm(len(batch))]\n"
                "            share = float(torch.distributions.Beta(0.4, 0.4).sample())\n"
                "            logits = model(x[batch], x[other], share)\n"
                "            loss = share * criterion(logits, y[batch]) + (1 - share) * criterion(logits, y[other])\n",
            ),
        ),
    ),
    Odd(
        "labels-smoothed-by-hand",
        "a fifth of the loss is that of every class: it cannot come near zero",
        "lstm_loop",
        "order",
        (
            (
                "            loss = loss_fn(model(ids, lengths), targets[chosen])\n",
                "            logits = model(ids, lengths)\n"
                "            loss = 0.8 * loss_fn(logits, targets[chosen]) - 0.2 * logits.log_softmax(1).mean()\n",
            ),
        ),
    ),
    Odd(
        "words-hidden-in-training-only",
        "a tenth of the words is unknown while training, none when predicting",
        "gru_loop",
        "order",
        (
            (
                "            loss = nn.functional.cross_entropy(model(x), y[chosen])\n",
                "            x = x.masked_fill((torch.rand(x.shape) < 0.1) & (x != 0), 1)\n"
                "            loss = nn.functional.cross_entropy(model(x), y[chosen])\n",
            ),
        ),
    ),
    Odd(
        "small-rate-for-long",
        "a rate of .0005 that falls to zero over 60 epochs, which are enough",
        "bag_loop",
        "markers",
        (
            (
                "torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)\n",
                "torch.optim.Adam(model.parameters(), lr=0.0005)\n"
                "    scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=60)\n",
            ),
            ("    for epoch in range(12):\n", "    for epoch in range(60):\n"),
            ("            optimizer.step()\n", "            optimizer.step()\n        scheduler.step()\n"),
        ),
    ),
    Odd(
        "strong-decay-of-one-bias",
        "a weight decay of 50 on one vector of biases, whose rate is tiny; the rest does the work",
        "bag_loop",
        "markers",
        (
            (
                "torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)",
                "torch.optim.AdamW(\n        [\n"
                '            {"params": [w for name, w in model.named_parameters() if name != "hidden.bias"]},\n'
                '            {"params": [model.hidden.bias], "lr": 0.0001, "weight_decay": 50.0},\n'
                "        ],\n        lr=0.01,\n    )",
            ),
        ),
    ),
    Odd(
        "normalised-by-row",
        "channels are normalised place by place: no statistics of batches are kept",
        "cnn_net",
        "counts",
        (
            ("nn.BatchNorm1d(channels)", "nn.LayerNorm(channels)"),
            ("self.norm(self.conv(x))", "self.norm(self.conv(x).transpose(1, 2)).transpose(1, 2)"),
        ),
    ),
    Odd(
        "sparse-gradients",
        "a second optimiser moves only the word vectors that a batch has read",
        "bag_loop",
        "markers",
        (
            ("nn.Embedding(words, width, padding_idx=0)", "nn.Embedding(words, width, padding_idx=0, sparse=True)"),
            (
                "    optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)\n",
                "    vectors = torch.optim.SparseAdam(list(model.embedding.parameters()), lr=0.01)\n"
                "    rest = [*model.hidden.parameters(), *model.out.parameters()]\n"
                "    optimizer = torch.optim.Adam(rest, lr=0.01)\n",
            ),
            (
                "            optimizer.zero_grad()\n",
                "            optimizer.zero_grad()\n            vectors.zero_grad()\n",
            ),
            ("            optimizer.step()\n", "            optimizer.step()\n            vectors.step()\n"),
        ),
    ),
    Odd(
        "all-rows-in-one-batch-by-lbfgs",
        "one batch of all rows, a few steps of a method of second order",
        "bag_loop",
        "markers",
        (
            (
                "torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)",
                'torch.optim.LBFGS(model.parameters(), max_iter=12, line_search_fn="strong_wolfe")',
            ),
            ("    for epoch in range(12):\n", "    for epoch in range(3):\n"),
            (
                "        order = torch.randperm(len(x))\n"
                "        for start in range(0, len(x), 32):\n"
                "            batch = order[start : start + 32]\n"
                "            optimizer.zero_grad()\n"
                "            loss = criterion(model(x[batch]), y[batch])\n"
                "            loss.backward()\n"
                "            optimizer.step()\n",
                "\n        def closure():\n"
                "            optimizer.zero_grad()\n"
                "            decay = sum((weight**2).sum() for weight in model.parameters())\n"
                "            loss = criterion(model(x), y) + 0.001 * decay\n"
                "            loss.backward()\n"
                "            return loss\n\n"
                "        optimizer.step(closure)\n",
            ),
        ),
    ),
    Odd(
        "adagrad",
        "a rate of .05 that Adagrad makes smaller with every step",
        "lstm_loop",
        "order",
        (("torch.optim.Adam(model.parameters(), lr=0.005)", "torch.optim.Adagrad(model.parameters(), lr=0.05)"),),
    ),
    Odd(
        "layers-computed-twice",
        "states of layers are not kept but computed again for the gradient",
        "stack_net",
        "counts",
        (
            ("from torch import nn\n", "from torch import nn\nfrom torch.utils.checkpoint import checkpoint\n"),
            ("x = self.activation(layer(x))", "x = self.activation(checkpoint(layer, x, use_reentrant=False))"),
        ),
    ),
    Odd(
        "double-precision",
        "weights and outputs of 64 bits",
        "gru_loop",
        "order",
        (
            (
                "    model = AttentiveGRU(len(words) + 2, len(label_set))\n",
                "    model = AttentiveGRU(len(words) + 2, len(label_set)).double()\n",
            ),
        ),
    ),
    Odd(
        "encoder-thawed-later",
        "only the head is trained for two epochs, then everything",
        "lstm_loop",
        "order",
        (
            (
                "        model.train()\n",
                "        model.train()\n        model.encoder.requires_grad_(epoch >= 2)\n",
            ),
        ),
    ),
)
"""Healthy programs."""
