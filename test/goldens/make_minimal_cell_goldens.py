"""Writes minimal-cells.json: minGRU and minLSTM as lucidrains' minGRU-pytorch computes them, SRU as its authors' own program.

Usage: python make_minimal_cell_goldens.py   (needs torch, minGRU-pytorch and, with a C++ compiler, sru; the versions used
are named in the file: pip install torch minGRU-pytorch==0.2.1 sru==2.6.0)

The candidate that is kept positive goes through the package's parallel scan in logarithms (`form` scan), and step by step
(`form` steps); the linear one (Feng et al. 2024, 3.1 and 3.2) through its steps with the g of appendix B left out. Kernels are
in the order of the packages' own columns; SRU's are interleaved, four or three a unit.
"""

import importlib.metadata
import json
import pathlib
import sys
import warnings

import torch
from minGRU_pytorch.minGRU import minGRU
from minGRU_pytorch.minLSTM import minLSTM

warnings.simplefilter("ignore")
import sru  # noqa: E402  (compiles its CPU kernels, and warns that there are none for CUDA)

BATCH, STEPS, INPUT = 2, 4, 3

torch.set_default_dtype(torch.float64)


def listed(tensor):
    return [float(f"{number:.9g}") for number in tensor.detach().flatten().tolist()]


def result(case, kernel, x, start, outputs):
    """Gradients are those of the sum of squares of all outputs."""
    (outputs**2).sum().backward()
    return {
        **case,
        "kernel": listed(kernel),
        "x": listed(x),
        "outputs": listed(outputs),
        "kernelGradient": listed(kernel.grad),
        "inputGradient": listed(x.grad),
        **({} if start is None else {"start": listed(start), "startGradient": listed(start.grad)}),
    }


# ---- minGRU and minLSTM ------------------------------------------------------------------------------------------


def step_by_step(layer, x, start):
    state, outputs = start, []
    for t in range(STEPS):
        output, state = layer(x[:, t : t + 1], state, return_next_prev_hidden=True)
        outputs.append(output)
    return torch.cat(outputs, 1)


def minimal(kind, cell, form, candidate, started):
    torch.manual_seed(5 + started)
    layer = kind(INPUT)
    linear = layer.to_hidden_and_gate if cell == "min-gru" else layer.to_hidden_and_f_i_gate
    with torch.no_grad():
        linear.weight.mul_(3)  # on both sides of g's bend, and gates far from one half
    x = torch.randn(BATCH, STEPS, INPUT, requires_grad=True)
    start = torch.rand(BATCH, 1, INPUT).add(0.2).requires_grad_() if started else None
    # The scan of minLSTM takes its state before g.
    before = start if start is None or cell == "min-gru" or form == "steps" else inverse_of_g(start)
    outputs = layer(x, before) if form == "scan" else step_by_step(layer, x, before)
    case = {"cell": cell, "form": form, "candidate": candidate, "hidden": INPUT}
    return result(case, linear.weight, x, start, outputs)


def inverse_of_g(value):
    return torch.where(value >= 0.5, value - 0.5, torch.logit(value.clamp(max=0.5)))


def minimal_goldens():
    modules = [("min-gru", minGRU), ("min-lstm", minLSTM)]
    found = []
    for cell, kind in modules:
        for form, started in [("scan", False), ("scan", True), ("steps", True)]:
            found.append(minimal(kind, cell, form, "positive", started))
    for cell, kind in modules:
        sys.modules[kind.__module__].g = lambda x: x
        found.append(minimal(kind, cell, "steps", "linear", False))
        found.append(minimal(kind, cell, "steps", "linear", True))
    return found


# ---- SRU ---------------------------------------------------------------------------------------------------------


def sru_golden(hidden, highway_bias):
    torch.manual_seed(hidden)
    layer = sru.SRU(INPUT, hidden, num_layers=1, rescale=True, highway_bias=highway_bias)
    (cell,) = layer.rnn_lst
    cell.to(torch.float64)
    with torch.no_grad():
        cell.bias.add_(torch.randn_like(cell.bias))
    x = torch.randn(STEPS, BATCH, INPUT, requires_grad=True)
    start = torch.randn(1, BATCH, hidden, requires_grad=True)
    outputs, last = layer(x, start)
    case = {
        "cell": "sru",
        "hidden": hidden,
        "highwayBias": highway_bias,
        "vectors": listed(cell.weight_c),
        "bias": listed(cell.bias),
        "last": listed(last),
    }
    # Batch-first, as the others are.
    found = result(case, cell.weight, x, start, outputs)
    return {
        **found,
        "x": listed(x.transpose(0, 1)),
        "outputs": listed(outputs.transpose(0, 1)),
        "inputGradient": listed(x.grad.transpose(0, 1)),
        "vectorsGradient": listed(cell.weight_c.grad),
        "biasGradient": listed(cell.bias.grad),
    }


def main():
    version = importlib.metadata.version
    found = {
        "generator": f"minGRU-pytorch {version('minGRU-pytorch')} and sru {version('sru')}, PyTorch {torch.__version__}",
        "batch": BATCH,
        "steps": STEPS,
        "input": INPUT,
        "cases": [*minimal_goldens(), sru_golden(INPUT, -1.0), sru_golden(4, -1.0), sru_golden(INPUT, 0.0)],
    }
    path = pathlib.Path(__file__).with_name("minimal-cells.json")
    path.write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
