"""Changes of any loop that are healthy: other optimisers, schedules, losses, batches, and what is kept of training."""

from __future__ import annotations

from exam.training.controls.loops import LoopChange

BINARY, CNN, LSTM = "binary_loop", "cnn_loop", "lstm_loop"
AT_DEV = (
    "        model.eval()\n        with torch.no_grad():\n            dev_loss = ($dev_loss).item()\n"
    "        model.train()\n"
)
SCHEDULE = "            scheduler.step()\n"
AVERAGE = "torch.optim.swa_utils.AveragedModel(model"
GIVEN_BACK = "    model.load_state_dict(averaged.module.state_dict())\n$here"
CROSS = "loss = nn.functional.cross_entropy($logits, $target"

LOOP_CHANGES = (
    LoopChange(
        "adam",
        "the usual optimiser at a usual rate",
        {"make": "torch.optim.Adam(model.parameters(), lr=$adam)"},
        without=(BINARY,),
    ),
    LoopChange(
        "adamw",
        "decoupled weight decay of a hundredth",
        {"make": "torch.optim.AdamW(model.parameters(), lr=$adam, weight_decay=0.01)"},
        without=(CNN,),
    ),
    LoopChange("nadam", "Adam with Nesterov's momentum", {"make": "torch.optim.NAdam(model.parameters(), lr=$adam)"}),
    LoopChange("rmsprop", "half the rate of Adam", {"make": "torch.optim.RMSprop(model.parameters(), lr=$half)"}),
    LoopChange("radam", "Adam that warms up by itself", {"make": "torch.optim.RAdam(model.parameters(), lr=$adam)"}),
    LoopChange(
        "biases-not-decayed",
        "matrices decay, vectors do not",
        {
            "make": "torch.optim.AdamW(\n        [\n"
            '            {"params": [w for w in model.parameters() if w.dim() > 1], "weight_decay": 0.02},\n'
            '            {"params": [w for w in model.parameters() if w.dim() < 2], "weight_decay": 0.0},\n'
            "        ],\n        lr=$adam,\n    )"
        },
    ),
    LoopChange(
        "warm-up",
        "the rate grows over the first forty steps",
        {
            "each": "    scheduler = torch.optim.lr_scheduler.LambdaLR($opt, lambda step: min((step + 1) / 40, 1.0))\n"
            "$here",
            "step": "$here" + SCHEDULE,
        },
        without=(CNN,),
    ),
    LoopChange(
        "cosine-by-step",
        "the rate falls to zero at the last step",
        {
            "each": "    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR($opt, T_max=$total)\n$here",
            "step": "$here" + SCHEDULE,
        },
        without=(CNN,),
    ),
    LoopChange(
        "one-cycle",
        "the rate goes up to twice the usual one and down again",
        {
            "each": "    scheduler = torch.optim.lr_scheduler.OneCycleLR($opt, max_lr=$twice, total_steps=$total)\n"
            "$here",
            "step": "$here" + SCHEDULE,
        },
        without=(CNN, "bag_loop"),
    ),
    LoopChange(
        "rate-falls-by-epoch",
        "a tenth less in every epoch",
        {
            "each": "    scheduler = torch.optim.lr_scheduler.ExponentialLR($opt, gamma=0.9)\n$here",
            "step": "$here        scheduler.step()\n",
        },
        without=(CNN,),
    ),
    LoopChange(
        "rate-halved-on-plateau",
        "where the loss on dev stands still",
        {
            "each": "$held    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau($opt, factor=0.5, patience=2)\n"
            "$here",
            "step": "$here" + AT_DEV + "        scheduler.step(dev_loss)\n",
        },
        without=(CNN,),
    ),
    LoopChange(
        "clipped-at-one",
        "long gradients are cut to length 1, before the step",
        {"back": "$here            nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"},
        without=(LSTM,),
    ),
    LoopChange(
        "clipped-at-five",
        "long gradients are cut to length 5, before the step",
        {"back": "$here            nn.utils.clip_grad_norm_(model.parameters(), 5.0)\n"},
        without=(LSTM,),
    ),
    LoopChange(
        "values-clipped",
        "single values of gradients are cut",
        {"back": "$here            nn.utils.clip_grad_value_(model.parameters(), 0.5)\n"},
        without=(LSTM,),
    ),
    LoopChange(
        "smoothed", "a tenth of each target is spread", {"loss": CROSS + ", label_smoothing=0.1)"}, without=(BINARY,)
    ),
    LoopChange(
        "summed-and-divided",
        "the sum over rows, divided by rows, is their mean",
        {"loss": CROSS + ', reduction="sum") / len($target)'},
        without=(BINARY,),
    ),
    LoopChange(
        "likelihood",
        "the negative log-likelihood of log-probabilities is cross-entropy",
        {"loss": "loss = nn.functional.nll_loss(torch.log_softmax($logits, dim=1), $target)"},
        without=(BINARY,),
    ),
    LoopChange(
        "focal",
        "rows that are answered well count less, as the focal loss has it",
        {
            "loss": 'each = nn.functional.cross_entropy($logits, $target, reduction="none")\n'
            "            loss = ((1 - torch.exp(-each)) ** 2 * each).mean()"
        },
        without=(BINARY,),
    ),
    LoopChange(
        "decay-by-hand",
        "a small share of the squared weights is added to the loss",
        {"loss": "$loss\n            loss = loss + 0.0001 * sum((weight**2).sum() for weight in model.parameters())"},
    ),
    LoopChange(
        "average-of-late-weights",
        "weights of the last third are averaged, epoch by epoch, and answer",
        {
            "each": f"    averaged = {AVERAGE})\n$here",
            "step": "$here        if epoch >= $late:\n            averaged.update_parameters(model)\n",
            "end": GIVEN_BACK,
        },
        without=(CNN,),
    ),
    LoopChange(
        "moving-average",
        "a moving average of the weights over some twenty steps answers",
        {
            "each": "    keep_up = torch.optim.swa_utils.get_ema_multi_avg_fn(0.95)\n"
            f"    averaged = {AVERAGE}, multi_avg_fn=keep_up)\n$here",
            "step": "$here            averaged.update_parameters(model)\n",
            "end": GIVEN_BACK,
        },
        without=(CNN,),
    ),
    LoopChange(
        "best-on-dev",
        "the weights of the epoch with the least loss on dev answer",
        {
            "each": '$held    best, least = None, float("inf")\n$here',
            "step": "$here"
            + AT_DEV
            + "        if dev_loss < least:\n"
            + "            best, least = {name: one.clone() for name, one in model.state_dict().items()}, dev_loss\n",
            "end": "    model.load_state_dict(best)\n$here",
        },
        without=(CNN,),
    ),
    LoopChange(
        "stopped-early",
        "up to 40 epochs; four without a lower loss on dev end it, and the best weights come back",
        {
            "each": '$held    best, least, waited = None, float("inf"), 0\n    for epoch in range(40):\n',
            "step": "$here"
            + AT_DEV
            + "        waited += 1\n        if dev_loss < least:\n"
            + "            best, least = {name: one.clone() for name, one in model.state_dict().items()}, dev_loss\n"
            + "            waited = 0\n        if waited == 4:\n            break\n",
            "end": "    model.load_state_dict(best)\n$here",
        },
        without=(CNN,),
    ),
    LoopChange(
        "dev-printed",
        "the loss on dev is printed after every epoch, in evaluation mode and without gradients",
        {
            "each": "$held$here",
            "step": "$here" + AT_DEV + '        print(f"epoch {epoch + 1}: dev loss {dev_loss:.4f}")\n',
        },
        without=(CNN,),
    ),
    LoopChange(
        "running-loss-printed",
        "a running mean of the loss, without its graph",
        {
            "each": "    running = None\n$here",
            "step": "$here            now = loss.item()\n"
            "            running = now if running is None else 0.95 * running + 0.05 * now\n"
            '        print(f"epoch {epoch}: {running:.4f}", flush=True)\n',
        },
        without=(CNN,),
    ),
    LoopChange(
        "gradients-of-zeros",
        "gradients are set to zero, not to None",
        {"zero": "            model.zero_grad(set_to_none=False)\n"},
    ),
    LoopChange(
        "batches-of-8", "small batches at half the rate", {"make": "torch.optim.Adam(model.parameters(), lr=$half)"}, 8
    ),
    LoopChange("batches-of-16", "batches of 16", {"make": "torch.optim.Adam(model.parameters(), lr=$adam)"}, 16),
    LoopChange("batches-of-64", "batches of 64", {"make": "torch.optim.Adam(model.parameters(), lr=2 * $adam)"}, 64),
    LoopChange(
        "half-the-rate-for-longer",
        "half the rate, twice the epochs",
        {"make": "torch.optim.Adam(model.parameters(), lr=$half)", "each": "    for epoch in range(2 * $epochs):\n"},
        without=(CNN,),
    ),
    LoopChange(
        "amsgrad-and-decay",
        "Adam that forgets no large gradient, with a little decay",
        {"make": "torch.optim.Adam(model.parameters(), lr=$adam, amsgrad=True, weight_decay=0.0001)"},
    ),
)
"""Each is written into every loop that it does not leave out."""
