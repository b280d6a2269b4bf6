"""Hard monotonic attention of order 1 (Wu & Cotterell 2019) in plain eager PyTorch: the symbols' probabilities at all pairs
of steps at once, then the forward algorithm in log space."""

import torch
from torch import nn

FAR_BELOW = -1e9


class HardMonotonic(nn.Module):
    def __init__(self, readout, outputs, symbols, window):
        super().__init__()
        self.window, features = window, readout + outputs
        self.keys = nn.Linear(outputs, readout, bias=False)
        self.of_source, self.of_target = nn.Linear(readout, window + 1), nn.Linear(readout, window + 1, bias=False)
        self.source, self.target = nn.Linear(outputs, features), nn.Linear(readout, features, bias=False)
        self.output = nn.Linear(features, symbols)

    def forward(self, readout, outputs, expected):
        """readout [B,T,R], outputs [B,S,D], expected [B,T] -> mean loss per symbol, without padding."""
        (B, T, _), S = readout.shape, outputs.shape[1]
        features = torch.tanh(self.target(readout)[:, :, None] + self.source(outputs)[:, None])
        labels = expected[:, :, None].expand(B, T, S)
        logits = self.output(features)
        written = -nn.functional.cross_entropy(logits.flatten(0, 2), labels.flatten(), reduction="none").view(B, T, S)
        moves = self.moves(readout, outputs)
        state = torch.full((B, S), FAR_BELOW)
        state[:, 0] = 0
        for t in range(T):
            state = torch.logsumexp(state[:, :, None] + moves[:, t], 1) + written[:, t]
        return -torch.logsumexp(state, 1).sum() / (B * T)

    def moves(self, readout, outputs):
        """ln p of each move, [B,T,S from,S to]."""
        (B, T, _), S = readout.shape, outputs.shape[1]
        scores = self.of_target(readout)[:, :, None] + self.of_source(self.keys(outputs))[:, None]
        distance = torch.arange(S)[None] - torch.arange(S)[:, None]
        scores = torch.gather(scores, 3, distance.clamp(0, self.window).expand(B, T, S, S))
        return torch.log_softmax(scores.masked_fill((distance < 0) | (distance > self.window), FAR_BELOW), 3)
