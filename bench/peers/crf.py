"""A linear chain's loss (Lample et al. 2016) in plain eager PyTorch, as pytorch-crf 0.7.2 has it: the forward algorithm in
log space, a step at a time; without its masks, as the batches of the bench have no padding."""

import torch
from torch import nn


class LinearChain(nn.Module):
    def __init__(self, outputs, tags):
        super().__init__()
        self.emissions = nn.Linear(outputs, tags)
        draw = lambda *shape: nn.Parameter(torch.empty(*shape).uniform_(-0.1, 0.1))
        self.start, self.end, self.transitions = draw(tags), draw(tags), draw(tags, tags)

    def forward(self, outputs, tags):
        """outputs [B,S,D], tags [B,S] -> mean loss per tag."""
        emissions, tags = self.emissions(outputs).transpose(0, 1), tags.T
        return (self.partition(emissions) - self.score(emissions, tags)).sum() / tags.numel()

    def score(self, emissions, tags):
        """Of the true tags, [B]."""
        of_tags = emissions.gather(2, tags[:, :, None]).squeeze(2).sum(0)
        return self.start[tags[0]] + of_tags + self.transitions[tags[:-1], tags[1:]].sum(0) + self.end[tags[-1]]

    def partition(self, emissions):
        score = self.start + emissions[0]
        for emission in emissions[1:]:
            score = torch.logsumexp(score[:, :, None] + self.transitions + emission[:, None], 1)
        return torch.logsumexp(score + self.end, 1)
