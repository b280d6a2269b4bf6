"""minGRU (Feng et al. 2024) in plain eager PyTorch: one product for all steps, then the recurrence h_t = (1 - z_t) h_{t-1} +
z_t n_t either as their parallel scan in log space (appendix B; the candidate is positive there), or as a loop over steps."""

import torch
from torch import nn
from torch.nn.functional import softplus


class MinGRU(nn.Module):
    def __init__(self, inputs, hidden, scan):
        super().__init__()
        self.gates, self.scan = nn.Linear(inputs, 2 * hidden), scan

    def forward(self, x, start=None):
        """x [B,S,I], start [B,H] or None: zeros -> outputs [B,S,H] and the last of them."""
        gate, raw = self.gates(x).chunk(2, -1)
        outputs = scanned(gate, raw, start) if self.scan else looped(gate, raw, start)
        return outputs, outputs[:, -1]


def scanned(gate, raw, start):
    log_coefficients, log_z = -softplus(gate), -softplus(-gate)
    log_values = log_z + torch.where(raw >= 0, (torch.relu(raw) + 0.5).log(), -softplus(-raw))
    if start is not None:
        log_values = torch.cat([start.log()[:, None], log_values], 1)
        log_coefficients = nn.functional.pad(log_coefficients, (0, 0, 1, 0))
    a = log_coefficients.cumsum(1)
    outputs = (a + (log_values - a).logcumsumexp(1)).exp()
    return outputs if start is None else outputs[:, 1:]


def looped(gate, raw, start):
    z, candidate = torch.sigmoid(gate), torch.where(raw >= 0, raw + 0.5, torch.sigmoid(raw))
    entering, kept = (z * candidate).unbind(1), (1 - z).unbind(1)
    h = entering[0] if start is None else kept[0] * start + entering[0]
    outputs = [h]
    for t in range(1, len(kept)):
        h = torch.addcmul(entering[t], kept[t], h)
        outputs.append(h)
    return torch.stack(outputs, 1)
