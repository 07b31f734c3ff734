# A LightningModule with its own loop: brittlestar run DATA --model own_lightning:fit
import lightning
import torch


class Bag(lightning.LightningModule):
    def __init__(self, words, classes):
        super().__init__()
        self.places = {word: place for place, word in enumerate(words, start=1)}
        self.table = torch.nn.EmbeddingBag(1 + len(words), classes, mode="sum", padding_idx=0)
        self.history = []

    def make_loader(self, tokens, numbers=None, shuffle=False):
        rows = [torch.tensor([self.places.get(word, 0) for word in row] or [0]) for row in tokens]
        padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
        data = torch.utils.data.TensorDataset(padded, torch.tensor(numbers or [0] * len(rows)))
        return torch.utils.data.DataLoader(data, batch_size=64, shuffle=shuffle)

    def training_step(self, batch):
        loss = torch.nn.functional.cross_entropy(self.table(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch):
        self.log("val_loss", torch.nn.functional.cross_entropy(self.table(batch[0]), batch[1]))

    def on_train_epoch_end(self):
        logged = {name: float(value) for name, value in self.trainer.callback_metrics.items()}
        self.history.append({"train.loss": logged["train_loss"], "dev.loss": logged["val_loss"]})

    def predict_step(self, batch):
        return self.table(batch[0])

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.05)


def fit(train, dev, seed):
    lightning.seed_everything(seed, verbose=False)
    classes = sorted(set(train.labels))
    module = Bag(sorted({word for row in train.tokens for word in row}), len(classes))
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    trainer = lightning.Trainer(max_epochs=8, accelerator="cpu", **quiet)
    of_train, of_dev = ([classes.index(label) for label in split.labels] for split in (train, dev))
    held_out = module.make_loader(dev.tokens, of_dev)
    trainer.fit(module, module.make_loader(train.tokens, of_train, shuffle=True), held_out)
    return lambda rows: torch.cat(trainer.predict(module, module.make_loader(rows))).softmax(1).numpy(), module.history
