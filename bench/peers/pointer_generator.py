"""A pointer-generator's loss (See et al. 2017) in plain eager PyTorch. Only the expected symbols' probabilities are formed,
as a loss needs no more: neither a mixture over all symbols, nor a scatter."""

import torch
from torch import nn


class PointerGenerator(nn.Module):
    def __init__(self, readout, gated, symbols):
        super().__init__()
        self.symbols = symbols
        self.output, self.gate = nn.Linear(readout, symbols), nn.Linear(gated, 1)

    def forward(self, readout, gated, alignment, copies, expected):
        """readout [B,T,R], gated [B,T,R+C+E], alignment [B,T,S], copies [B,S] (ids from V on: not in the vocabulary),
        expected [B,T] -> mean loss per symbol."""
        generated = expected < self.symbols
        known = torch.where(generated, expected, 0)
        nats = nn.functional.cross_entropy(self.output(readout).flatten(0, 1), known.flatten(), reduction="none")
        of_vocabulary = torch.exp(-nats).view(expected.shape) * generated
        of_source = (alignment * (copies[:, None] == expected[:, :, None])).sum(2)
        g = torch.sigmoid(self.gate(gated)).squeeze(2)
        return -torch.log((g * of_vocabulary + (1 - g) * of_source).clamp_min(1e-30)).mean()
