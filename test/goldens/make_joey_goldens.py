"""Joey NMT's recurrent decoder (Luong's general attention, an LSTM, with and without input feeding), step by step under
teacher forcing, written to joey-decoder.json.

    test/goldens/make_joey_goldens.py is run by the Python that `bench/peers/venv joey` prints.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import joeynmt
import torch
from joeynmt.decoders import RecurrentDecoder

B, T, S, E, H, D, V = 2, 3, 4, 3, 4, 5, 6
LENGTHS = [4, 2]

torch.manual_seed(5)
inputs = torch.randn(B, T, E)
values = torch.randn(B, S, D)
mask = torch.tensor([[[s < length for s in range(S)]] for length in LENGTHS])


def listed(tensor):
    return {
        "shape": list(tensor.shape),
        "data": [float(f"{number:.9g}") for number in tensor.detach().double().flatten().tolist()],
    }


def decoded(feeding):
    decoder = RecurrentDecoder(
        rnn_type="lstm", emb_size=E, hidden_size=H, encoder=SimpleNamespace(output_size=D), attention="luong",
        num_layers=1, vocab_size=V, init_hidden="zero", input_feeding=feeding,
    ).eval()
    logits, _, alignments, joined = decoder(inputs, values, torch.zeros(B, D), mask, T)
    rnn, joint = decoder.rnn, decoder.att_vector_layer
    return {
        # Transposed: PyTorch multiplies by W^T. Joey joins [h; C], the two halves of its kernel in that order.
        "kernel": listed(rnn.weight_ih_l0.T),
        "recurrentKernel": listed(rnn.weight_hh_l0.T),
        "bias": listed(rnn.bias_ih_l0 + rnn.bias_hh_l0),
        "scorer": listed(decoder.attention.key_layer.weight.T),
        "jointOfOutput": listed(joint.weight.T[:H]),
        "jointOfContext": listed(joint.weight.T[H:]),
        "jointBias": listed(joint.bias),
        "joined": listed(joined),
        "alignments": listed(alignments),
    }


goldens = {
    "generator": f"Joey NMT {joeynmt.__version__}, PyTorch {torch.__version__}",
    "inputs": listed(inputs),
    "values": listed(values),
    "mask": listed(mask[:, 0].float()),
    "plain": decoded(False),
    "feeding": decoded(True),
}
Path(__file__).with_name("joey-decoder.json").write_text(json.dumps(goldens) + "\n")
