"""Faults in modules that brittlestar trains."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.fourth_set.wording import CAPACITY, GITHUB, MATES, UNMOVED, UNREAD, UNSTABLE

FAULTS = (
    Fault(
        name="turned-rows-with-a-mask-that-is-not",
        kind="mask of a turned row not turned",
        report=f"{GITHUB}keras-team/keras/pull/1934",
        program="memory_net",
        task="pairs",
        both=(
            (
                "        h = torch.cat([self.run(self.forth, x, inside), "
                "self.run(self.back, x_back, inside)], dim=1)\n",
                "        turned_inside = inside.flip(1)\n"
                "        h = torch.cat([x[:, 0], self.run(self.back, x_back, turned_inside)], dim=1)\n",
            ),
            (
                "        turned = (lengths.unsqueeze(1) - 1 - places).clamp(min=0)\n",
                "",
            ),
            ("        x_back = self.lookup(tokens.gather(1, turned))\n", "        x_back = x.flip(1)\n"),
        ),
        changes=(("        turned_inside = inside.flip(1)\n", "        turned_inside = inside\n"),),
        family="modules",
        codes=("padding.batch", "padding.leaks", "padding.side", "train.plateau", "probe.token-brittle"),
        words=(r"mask|padding|flip|revers|turned", *MATES, *UNREAD),
        place=(r"mask|padding|back|direction|cell|token|batch|row",),
    ),
    Fault(
        name="gates-without-a-sigmoid",
        kind="gate without its sigmoid",
        report=f"{GITHUB}YerevaNN/R-NET-in-Keras/issues/14",
        program="memory_net",
        task="pairs",
        changes=(
            (
                "        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)\n",
                "        c = f * c + i * torch.tanh(g)\n",
            ),
        ),
        family="modules",
        codes=("train.gradient-exploding", "train.diverging", "train.saturated", "train.nonfinite", "train.plateau"),
        words=(
            r"gate|sigmoid|unbounded",
            r"(states?|activations?|values?).{0,60}(grow|large|explod)",
            *UNSTABLE,
            *CAPACITY,
        ),
        place=(r"gate|cell|state|layer|forth|back|gradient",),
    ),
    Fault(
        name="states-as-whole-numbers",
        kind="states cast to whole numbers",
        report=f"{GITHUB}pytorch/pytorch/issues/91431",
        program="memory_net",
        task="pairs",
        both=(
            (
                "        return self.out(torch.relu(self.mix(h)))\n",
                "        h = (h * 8).clamp(-8, 8)\n        return self.out(torch.relu(self.mix(h.float() / 8)))\n",
            ),
        ),
        changes=(("        h = (h * 8).clamp(-8, 8)\n", "        h = (h * 8).clamp(-8, 8).long()\n"),),
        family="modules",
        codes=("train.unchanged", "embedding.frozen", "train.capacity", "train.plateau"),
        words=(*UNMOVED, r"integer|whole number|round|cast|\blong\b"),
        place=(r"cell|lookup|embedding|layer|weight|state|before",),
    ),
    Fault(
        name="both-factors-begin-at-zero",
        kind="both factors of a product begin at zero",
        report=f"{GITHUB}Guitaricet/relora/issues/18",
        program="front_net",
        task="verdicts",
        changes=(("        nn.init.kaiming_uniform_(self.A, a=5**0.5)\n", "        nn.init.zeros_(self.A)\n"),),
        family="parameters",
        codes=("train.unchanged", "eval.constant", "train.symmetric", "train.plateau", "embedding.unused"),
        words=(*UNMOVED, *UNREAD, r"zero"),
        place=(r"head|\bA\b|\bB\b|factor|weight|layer|gradient",),
    ),
    Fault(
        name="places-in-place-of-words",
        kind="positions in place of words",
        report=f"{GITHUB}jiwidi/Behavior-Sequence-Transformer-Pytorch/issues/4",
        program="front_net",
        task="verdicts",
        both=(
            (
                "        x = x + self.places(torch.arange(x.shape[1]))\n",
                "        places = self.places(torch.arange(x.shape[1])).unsqueeze(0).repeat(len(x), 1, 1)\n"
                "        x = x + places\n",
            ),
        ),
        changes=(("        x = x + places\n", "        x = places\n"),),
        family="modules",
        codes=("embedding.unused", "train.unchanged", "eval.constant", "embedding.frozen", "train.plateau"),
        words=(*UNREAD, *UNMOVED, r"position|place"),
        place=(r"embedding|words|near|token|input|position|place|layer",),
    ),
    Fault(
        name="squashed-by-a-softmax-inside",
        kind="softmax as activation of hidden layers",
        report=f"{GITHUB}AUTOMATIC1111/stable-diffusion-webui/issues/4647",
        program="stack_net",
        task="counts",
        changes=(("        self.activation = nn.ReLU()\n", "        self.activation = nn.Softmax(dim=1)\n"),),
        family="modules",
        codes=("train.gradient-vanishing", "train.capacity", "train.short", "train.plateau", "train.saturated"),
        words=(
            r"softmax|activation",
            r"gradient.{0,60}(small|vanish|weak)",
            *CAPACITY,
            r"still (improv|fall|learn)\w*",
        ),
        place=(r"hidden|layer|activation|softmax|stack",),
    ),
    Fault(
        name="returns-inside-the-loop",
        kind="loop over places left after one",
        report=f"{GITHUB}amitrana001/DynaMITe/issues/1",
        program="memory_net",
        task="verdicts",
        changes=(
            (
                "            c = keep * new_c + (1 - keep) * c\n        return h\n",
                "            c = keep * new_c + (1 - keep) * c\n            return h\n",
            ),
        ),
        family="modules",
        codes=(
            "train.unchanged",
            "train.capacity",
            "train.plateau",
            "data.truncation",
            "probe.token-brittle",
            "embedding.unused",
        ),
        words=(*UNREAD, *UNMOVED, *CAPACITY, r"(first|last|one|single).{0,40}(token|word|place|position|step)"),
        place=(r"token|word|place|position|cell|state|layer|step|h2h",),
    ),
    Fault(
        name="one-frequency-for-all-positions",
        kind="one frequency for all positions",
        report=f"{GITHUB}Kyubyong/transformer/pull/81",
        program="transformer_net",
        task="order",
        both=(
            (
                "        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(100.0) / width))\n",
                "        rate = 100.0 ** -(torch.arange(0, width, 2) / width)\n",
            ),
        ),
        changes=(("(torch.arange(0, width, 2) / width)", "(torch.arange(0, width, 2) // width)"),),
        family="modules",
        codes=("position.missing", "probe.order-blind", "train.plateau", "train.capacity"),
        words=(r"order|position|place|frequenc", *CAPACITY),
        place=(r"position|order|place|table",),
    ),
)
