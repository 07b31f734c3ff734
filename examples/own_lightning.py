# A LightningModule with its own loop: brittlestar run DATA --model own_lightning:fit
import lightning
import torch

from brittlestar.integrations.lightning import lightning_fit


class Bag(lightning.LightningModule):
    def __init__(self, words, classes):
        super().__init__()
        self.places = {word: place for place, word in enumerate(words, start=1)}
        self.table = torch.nn.EmbeddingBag(1 + len(words), classes, mode="sum", padding_idx=0)

    def make_loader(self, tokens, numbers, shuffle):
        rows = [torch.tensor([self.places.get(word, 0) for word in row] or [0]) for row in tokens]
        padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
        data = torch.utils.data.TensorDataset(padded, torch.tensor(numbers or [0] * len(rows)))
        return torch.utils.data.DataLoader(data, batch_size=64, shuffle=shuffle)

    def training_step(self, batch):
        loss = torch.nn.functional.cross_entropy(self.table(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch):
        logits = self.table(batch[0])
        self.log("val_loss", torch.nn.functional.cross_entropy(logits, batch[1]))
        self.log("val_acc", (logits.argmax(1) == batch[1]).float().mean())

    def predict_step(self, batch):
        return self.table(batch[0])

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.05)


@lightning_fit
def fit(train, dev, seed):
    module = Bag(sorted({word for row in train.tokens for word in row}), len(train.classes))
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    return module, lightning.Trainer(max_epochs=8, accelerator="cpu", **quiet), module.make_loader
