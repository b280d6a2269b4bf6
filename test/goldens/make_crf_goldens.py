"""Writes pytorch-crf.json: log likelihoods, gradients and best paths of pytorch-crf on small potentials.

Usage: python make_crf_goldens.py   (needs torch and pytorch-crf; the versions used are named in the file)
"""

import importlib.metadata
import json
import pathlib

import torch
from torchcrf import CRF

LABELS, LENGTHS = 4, [5, 3, 1]


def rounded(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().double().flatten().tolist()]


def golden(scale):
    torch.manual_seed(int(scale))
    steps, batch = max(LENGTHS), len(LENGTHS)
    crf = CRF(LABELS, batch_first=True)
    with torch.no_grad():
        for parameter in crf.parameters():
            parameter.copy_(scale * torch.randn_like(parameter))
    emissions = (scale * torch.randn(batch, steps, LABELS)).requires_grad_()
    tags = torch.randint(LABELS, (batch, steps))
    mask = torch.tensor([[step < length for step in range(steps)] for length in LENGTHS])
    likelihoods = crf(emissions, tags, mask, reduction="none")
    (-likelihoods.sum()).backward()
    parameters = {"transitions": crf.transitions, "start": crf.start_transitions, "end": crf.end_transitions}
    gradients = {name: rounded(parameter.grad) for name, parameter in parameters.items()}
    return {
        "scale": scale,
        "potentials": {"emissions": rounded(emissions), **{name: rounded(each) for name, each in parameters.items()}},
        "tags": tags.flatten().tolist(),
        "nats": rounded(-likelihoods),
        "gradients": {"emissions": rounded(emissions.grad), **gradients},
        "best": crf.decode(emissions, mask),
    }


version = f"pytorch-crf {importlib.metadata.version('pytorch-crf')}, PyTorch {torch.__version__.split('+')[0]}"
file = {
    "generator": version,
    "labels": LABELS,
    "lengths": LENGTHS,
    "cases": [golden(scale) for scale in (1.0, 4.0)],
}
path = pathlib.Path(__file__).with_name("pytorch-crf.json")
path.write_text(json.dumps(file, indent=1) + "\n")
