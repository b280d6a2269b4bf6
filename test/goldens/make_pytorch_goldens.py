"""Writes pytorch-cells.json: outputs, final states and input gradients of PyTorch's recurrent layers on small inputs.

Usage: python make_pytorch_goldens.py   (needs torch; the version used is named in the file)
"""

import json
import pathlib

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

INPUT, HIDDEN, LENGTHS = 2, 3, [4, 2]

CASES = [
    ("elman tanh", torch.nn.RNN, {"nonlinearity": "tanh"}),
    ("elman relu", torch.nn.RNN, {"nonlinearity": "relu"}),
    ("lstm", torch.nn.LSTM, {}),
    ("gru", torch.nn.GRU, {}),
]


def rounded(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().double().flatten().tolist()]


def golden(name, kind, options, layers, bidirectional):
    torch.manual_seed(len(name) + layers)
    layer = kind(INPUT, HIDDEN, num_layers=layers, bidirectional=bidirectional, batch_first=True, **options)
    x = torch.randn(len(LENGTHS), max(LENGTHS), INPUT, requires_grad=True)
    packed, state = layer(pack_padded_sequence(x, LENGTHS, batch_first=True))
    outputs, _ = pad_packed_sequence(packed, batch_first=True)
    (outputs**2).sum().backward()
    states = state if isinstance(state, tuple) else (state,)
    return {
        "name": name,
        "layers": layers,
        "bidirectional": bidirectional,
        "weights": {key: rounded(value) for key, value in layer.state_dict().items()},
        "x": rounded(x),
        "outputs": rounded(outputs),
        "states": {key: rounded(value) for key, value in zip("hc", states)},
        "inputGradient": rounded(x.grad),
    }


def main():
    shapes = [(1, False), (2, True)]
    found = {
        "generator": f"PyTorch {torch.__version__}",
        "input": INPUT,
        "hidden": HIDDEN,
        "lengths": LENGTHS,
        "cases": [golden(*case, layers, both) for case in CASES for layers, both in shapes],
    }
    path = pathlib.Path(__file__).with_name("pytorch-cells.json")
    path.write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
