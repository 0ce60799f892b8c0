"""A small decoder, as plain as the real ones: rotary attention, squared ReLU, RMS norm, tied embedding.

There are no biases, no gains and no dropout: every parameter sits in a matrix that is used once per token, so
the parameters N, embedding included, are also what a token is multiplied with.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from experiments.design import Shape
from frontier.decoder import BASE, CONTEXT, EPS, VOCABULARY


class Decoder(nn.Module):
    """A causal language model over bytes."""

    def __init__(self, shape: Shape, seed: int) -> None:
        super().__init__()
        self.shape = shape
        generator = torch.Generator().manual_seed(seed)
        d, quiet = shape.width, 1 / math.sqrt(2 * shape.depth)  # so that depth does not raise the variance

        def matrix(rows: int, columns: int, scale: float = 1.0) -> nn.Parameter:
            return nn.Parameter(scale / math.sqrt(columns) * torch.randn(rows, columns, generator=generator))

        self.embedding = matrix(VOCABULARY, d)
        layers = [
            [matrix(3 * d, d), matrix(d, d, quiet), matrix(4 * d, d), matrix(d, 4 * d, quiet)]
            for _ in range(shape.depth)
        ]
        self.layers = nn.ModuleList(nn.ParameterList(layer) for layer in layers)
        half = d // shape.heads // 2
        angle = torch.arange(CONTEXT)[:, None] * BASE ** (-torch.arange(half) / half)
        self.register_buffer("cos", torch.cos(angle), persistent=False)
        self.register_buffer("sin", torch.sin(angle), persistent=False)

    def _rotated(self, x: Tensor) -> Tensor:
        a, b = x.chunk(2, -1)
        return torch.cat([a * self.cos - b * self.sin, a * self.sin + b * self.cos], -1)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the logits of the next byte at each of the CONTEXT places of each window."""
        batch, places = tokens.shape
        d, norm = self.shape.width, (self.shape.width,)
        x = self.embedding[tokens] * math.sqrt(d)
        for attend, mix, up, down in self.layers:
            parts = F.linear(F.rms_norm(x, norm, eps=EPS), attend)
            parts = parts.view(batch, places, 3, self.shape.heads, -1).permute(2, 0, 3, 1, 4)
            query, key, value = self._rotated(parts[0]), self._rotated(parts[1]), parts[2]
            seen = F.scaled_dot_product_attention(query, key, value, is_causal=True)
            x = x + F.linear(seen.transpose(1, 2).reshape(batch, places, d), mix)
            x = x + F.linear(F.relu(F.linear(F.rms_norm(x, norm, eps=EPS), up)).square(), down)
        return F.linear(F.rms_norm(x, norm, eps=EPS), self.embedding)


def mean_loss(model: nn.Module, windows: Tensor) -> Tensor:
    """Mean loss in nats per byte over windows of CONTEXT + 1 bytes: each byte but the first is predicted."""
    logits = model(windows[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), windows[:, 1:].flatten())
