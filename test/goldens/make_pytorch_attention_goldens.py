"""Writes pytorch-attention.json: scaled dot products and multi-head attention as PyTorch computes them.

Usage: python make_pytorch_attention_goldens.py   (needs torch; the version used is named in the file)
"""

import json
import pathlib

import torch

B, T, S, D, HEADS = 2, 3, 4, 6, 3
LENGTHS = [4, 2]

torch.manual_seed(11)
query = torch.randn(B, T, D)
value = torch.randn(B, S, D)
mask = torch.tensor([[s < length for s in range(S)] for length in LENGTHS])


def listed(tensor):
    return [float(f"{number:.9g}") for number in tensor.detach().double().flatten().tolist()]


scaled = torch.nn.functional.scaled_dot_product_attention(query, value, value, attn_mask=mask[:, None, :])

heads = torch.nn.MultiheadAttention(D, HEADS, bias=False, batch_first=True)
with torch.no_grad():
    heads.out_proj.weight.copy_(torch.eye(D))
context, alignment = heads(query, value, value, key_padding_mask=~mask)
query_weight, key_weight, value_weight = heads.in_proj_weight.chunk(3)

goldens = {
    "generator": f"PyTorch {torch.__version__}",
    "sizes": {"batch": B, "target": T, "source": S, "numbers": D, "heads": HEADS},
    "lengths": LENGTHS,
    "query": listed(query),
    "value": listed(value),
    "scaledDot": {"context": listed(scaled)},
    "multiHead": {
        # Transposed: PyTorch multiplies by W^T.
        "queryKernel": listed(query_weight.T),
        "keyKernel": listed(key_weight.T),
        "valueKernel": listed(value_weight.T),
        "context": listed(context),
        "alignment": listed(alignment),
    },
}
pathlib.Path(__file__).with_name("pytorch-attention.json").write_text(json.dumps(goldens) + "\n")
