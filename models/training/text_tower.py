"""Text tower: a small transformer that begins as a slice of the sentence encoder and ends in the joint space.

`input_ids` [batch, length] → `text_embeds` [batch, 512], L2-normalised. Two of all-MiniLM-L6-v2's six layers (width
384, 12 heads) with the stronger half of their inner neurons; token vectors of our own vocabulary (token_vectors.py); mean over
the tokens, as there; then one linear map. What follows the first end-of-text token is padding and has no influence.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from joint_space import EMBEDDING

WIDTH, HEADS, HIDDEN, CONTEXT = 384, 12, 768, 64
LAYERS = (0, 5)
"""Which of the sentence encoder's layers we begin from: its first and its last."""


class Layer(nn.Module):
    """Post-norm transformer layer, as BERT's."""

    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, 1e-12)
        self.up = nn.Linear(WIDTH, HIDDEN)
        self.down = nn.Linear(HIDDEN, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """x [batch, length, 384]; mask [batch, 1, 1, length]: 0 where attended, very negative elsewhere."""
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask, -1)
        x = self.norm1(x + self.out((weights @ v).transpose(1, 2).reshape(batch, length, WIDTH)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class TextTower(nn.Module):
    """See the module's words; `end` is the id of the end-of-text token."""

    def __init__(self, vocabulary: int):
        super().__init__()
        self.end = vocabulary - 1
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Parameter(torch.zeros(CONTEXT, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer() for _ in LAYERS)
        self.project = nn.Linear(WIDTH, EMBEDDING)

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return F.normalize(self.project(self.features(input_ids)), dim=-1)

    def features(self, input_ids: torch.Tensor) -> torch.Tensor:
        """[batch, length] → [batch, 384]: mean over the tokens after the last layer."""
        is_end = (input_ids == self.end).to(torch.float32)
        keep = (is_end.cumsum(1) - is_end < 0.5).to(torch.float32)
        mask = (keep[:, None, None, :] - 1) * 1e4
        x = self.norm(self.tokens(input_ids) + self.positions[: input_ids.shape[1]])
        for layer in self.layers:
            x = layer(x, mask)
        return (x * keep[:, :, None]).sum(1) / keep.sum(1, keepdim=True)


@torch.no_grad()
def begin_from_sentence_encoder(tower: TextTower, bert: nn.Module) -> None:
    """Copies positions, norms and two layers; of a layer's inner neurons those with the largest weights."""
    source = bert.embeddings
    types = source.token_type_embeddings.weight[0]
    tower.positions.copy_(source.position_embeddings.weight[:CONTEXT] + types)
    tower.norm.load_state_dict(source.LayerNorm.state_dict())
    for layer, number in zip(tower.layers, LAYERS, strict=True):
        theirs = bert.encoder.layer[number]
        attention = theirs.attention.self
        for name in ("weight", "bias"):
            parts = [getattr(linear, name) for linear in (attention.query, attention.key, attention.value)]
            getattr(layer.qkv, name).copy_(torch.cat(parts))
        layer.out.load_state_dict(theirs.attention.output.dense.state_dict())
        layer.norm1.load_state_dict(theirs.attention.output.LayerNorm.state_dict())
        up, down = theirs.intermediate.dense, theirs.output.dense
        strong = (up.weight.norm(dim=1) * down.weight.norm(dim=0)).topk(HIDDEN).indices
        layer.up.weight.copy_(up.weight[strong])
        layer.up.bias.copy_(up.bias[strong])
        layer.down.weight.copy_(down.weight[:, strong])
        layer.down.bias.copy_(down.bias)
        layer.norm2.load_state_dict(theirs.output.LayerNorm.state_dict())
