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
)
"""Healthy programs."""
