# A Hugging Face encoder from a small config, nothing is downloaded: brittlestar run DATA --model own_transformer:build
import torch
from transformers import BertConfig, BertForSequenceClassification


class Bert(BertForSequenceClassification):
    def forward(self, tokens, lengths):
        tokens = torch.nn.functional.pad(tokens, (0, 1))[:, : self.config.max_position_embeddings]  # never no column
        mask = torch.arange(tokens.shape[1], device=tokens.device) < lengths.clamp(min=1).unsqueeze(1)
        return super().forward(tokens, attention_mask=mask.long()).logits


def build(info, width=32, layers=2):
    size = {"hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": 2, "intermediate_size": 2 * width}
    return Bert(BertConfig(vocab_size=info.vocabulary_size, num_labels=len(info.classes), **size))
