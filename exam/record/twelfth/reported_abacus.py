"""Correct reports of the study of a mean of embeddings."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.twelfth.expecting import ABACUS, expect

DUMP = """data:
  path: joined
  tokens: "regex:[nesw][0-9]"
model:
  family: mean
  embedding: {dim: 20, scale: 0.4}
training:
  epochs: 3
  batch_size: 30
  optimiser: SGD
  learning_rate: 3e-1
  momentum: 0.95
  nesterov: false
  weight_decay: 2e-5
  clip: null
  class_weights: balanced
streams: {order: fixed}
seeds: [0, 1, 2, 3]
report: {title: "How far do counts go?"}
"""
TABLE = """Table 7: The order-free model. Each of its runs costs less than a cent.

| | Abacus |
|---|---:|
| `data.tokens` | `regex:[nesw][0-9]` |
| Model | mean of embeddings |
| Embedding dimension | 20 |
| `embedding.scale` | 0.40 |
| Epochs | 3 |
| Batch size (rows) | 30 |
| Optimizer | SGD |
| Momentum | 0.95 |
| Nesterov | ✗ |
| Learning rate | 0.3, constant |
| Weight decay | 2 × 10⁻⁵ |
| Gradient clipping | none |
| Class weights | balanced |
| `streams.order` | fixed |
| Seeds | 0, 1, 2, 3 |
| Cost of all runs | $0.02 |
"""
KERAS = """argument,value
model,mean
embedding_output_dim,20
embedding.scale,0.4
data.tokens,regex:[nesw][0-9]
optimizer,keras.optimizers.SGD
learning_rate,0.3
momentum,0.95
nesterov,False
weight_decay,2e-05
global_clipnorm,None
epochs,3
batch_size,30
class_weight,balanced
streams.order,fixed
seeds,4
"""
NAMESPACE = """[2025-11-03 09:12:44] $ python train.py @abacus.args
[2025-11-03 09:12:45] Namespace(tokens='regex:[nesw][0-9]', family='mean', embedding_dim=20, embedding_scale=0.4, \
epochs=3, batch_size=30, optimizer='sgd', lr=0.3, momentum=0.95, weight_decay=2e-05, clip=None, \
class_weights='balanced', batch_order='fixed', seeds=[0, 1, 2, 3])
"""
PROSE = """## 4.2 An order-free control

Rows are split into tokens by the regular expression `[nesw][0-9]`. The control is a mean of embeddings: the embedding
size is 20, and vectors are drawn with an embedding scale of 0.4. It is trained for 3 epochs by SGD with a momentum of
0.95, a learning rate of 0.3 and a weight decay of 2e-5. The batch size is 30. We use no gradient clipping. Class
weights are balanced. The order of batches is fixed, and only the weights and dropout differ between the seeds 0, 1, 2
and 3.
"""

ABACUS_RIGHT = (
    Report("dump of the abacus", "abacus", ".yaml", DUMP, expect(ABACUS, "library.SGD.nesterov")),
    Report(
        "order-free model with its cost", "abacus", ".md", TABLE, expect(ABACUS, default=("model.dropout.embedding",))
    ),
    Report("optimiser of Keras", "abacus", ".csv", KERAS, expect(ABACUS, "library.SGD.nesterov")),
    Report("namespace in a log", "abacus", ".txt", NAMESPACE, expect(ABACUS)),
    Report("order-free control in words", "abacus", ".md", PROSE, expect(ABACUS)),
)
