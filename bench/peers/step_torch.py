"""A training step in plain eager PyTorch: cuDNN-style nn.GRU / nn.LSTM for the encoder, a loop of cells where attention
needs one, a whole-sequence layer where it does not."""

import time

import torch
from torch import nn

from cases import TAGS, batch, copies, serve
from crf import LinearChain
from hard_monotonic import HardMonotonic
from min_gru import MinGRU
from pointer_generator import PointerGenerator


class Model(nn.Module):
    """Encoder and decoder; `scan`: of minGRU, whether its recurrence is a scan."""

    def __init__(self, case, scan=False):
        super().__init__()
        size, head = case["size"], case.get("head", {"type": "softmax"})
        V, E, H = size["V"], size["E"], size["H"]
        self.lstm, self.attention, self.bidirectional = case["cell"] == "lstm", case["attention"], case["bidirectional"]
        D = 2 * H if self.bidirectional else H
        layer = layer_of(case["cell"], scan)
        self.source, self.target = nn.Embedding(V, E), nn.Embedding(V, E)
        self.encoder = layer(E, H, bidirectional=True) if self.bidirectional else layer(E, H)
        self.bridge = nn.Linear(D, H) if self.bidirectional else None
        if self.attention:
            self.decoder = (nn.LSTMCell if self.lstm else nn.GRUCell)(E + D, H)
            self.query, self.keys = nn.Linear(H, H, bias=False), nn.Linear(D, H)
            self.v = nn.Linear(H, 1, bias=False)
        else:
            self.decoder = layer(E, H)
        self.head = head_of(head, H + D if self.attention else H, D, E, V)

    def start(self, final):
        """The decoder's first state: the encoder's last, or a tanh layer over both directions."""
        h = final[0] if self.lstm else final
        if not self.bidirectional:
            return final
        h = torch.tanh(self.bridge(torch.cat([h[0], h[1]], -1)))[None]
        return (h, torch.zeros_like(h)) if self.lstm else h

    def forward(self, source, given, expected, copies):
        """The mean loss."""
        outputs, final = self.encoder(self.source(source))
        embedded = self.target(given)
        state = self.start(final)
        if isinstance(self.head, HardMonotonic):
            return self.head(self.decoder(embedded, state)[0], outputs, expected)
        if not self.attention:
            return entropy(self.head(self.decoder(embedded, state)[0]), expected)
        state = (state[0][0], state[1][0]) if self.lstm else state[0]
        keys, steps, alignments = self.keys(outputs), [], []
        for t in range(given.shape[1]):
            h = state[0] if self.lstm else state
            scores = self.v(torch.tanh(keys + self.query(h)[:, None])).squeeze(-1)
            alignment = torch.softmax(scores, -1)
            context = torch.bmm(alignment[:, None], outputs)[:, 0]
            state = self.decoder(torch.cat([embedded[:, t], context], -1), state)
            steps.append(torch.cat([state[0] if self.lstm else state, context], -1))
            alignments.append(alignment)
        readout = torch.stack(steps, 1)
        if not isinstance(self.head, PointerGenerator):
            return entropy(self.head(readout), expected)
        gated = torch.cat([readout, readout[:, :, -outputs.shape[2] :], embedded], -1)
        return self.head(readout, gated, torch.stack(alignments, 1), copies, expected)


class Tagger(nn.Module):
    """An encoder and a chain over its outputs."""

    def __init__(self, case):
        super().__init__()
        size, two = case["size"], case["bidirectional"]
        self.source = nn.Embedding(size["V"], size["E"])
        self.encoder = layer_of(case["cell"])(size["E"], size["H"], bidirectional=two)
        self.head = LinearChain((2 if two else 1) * size["H"], TAGS)

    def forward(self, source, _, expected, __):
        return self.head(self.encoder(self.source(source))[0], expected % TAGS)


def layer_of(cell, scan=False):
    if cell == "min-gru":
        return lambda inputs, hidden: MinGRU(inputs, hidden, scan)
    layer = nn.LSTM if cell == "lstm" else nn.GRU
    return lambda inputs, hidden, **options: layer(inputs, hidden, batch_first=True, **options)


def head_of(head, readout, outputs, embedded, symbols):
    if head["type"] == "hard-monotonic-attention":
        return HardMonotonic(readout, outputs, symbols, head["window"])
    if head["type"] == "pointer-generator":
        return PointerGenerator(readout, readout + outputs + embedded, symbols)
    return nn.Linear(readout, symbols)


def entropy(logits, expected):
    return nn.functional.cross_entropy(logits.flatten(0, 1), expected.flatten())


def prepare(case, threads):
    """The faster of the forms that a model has."""
    torch.set_num_threads(threads)
    forms = [dict(scan=False), dict(scan=True)] if case["cell"] == "min-gru" else [{}]
    runs = [runner(case, form) for form in forms]
    return runs[0] if len(runs) == 1 else min(runs, key=seconds)


def seconds(run):
    run(3)
    start = time.process_time()
    run(10)
    return time.process_time() - start


def runner(case, form):
    torch.manual_seed(1)
    model = Tagger(case) if case.get("head", {}).get("type") == "crf" else Model(case, **form)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    ids = *batch(case["size"]), copies(case["size"])
    source, given, expected, copied = (torch.from_numpy(each) for each in ids)

    def run(steps):
        for _ in range(steps):
            adam.zero_grad()
            loss = model(source, given, expected, copied)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            adam.step()
        return loss.item()

    return run


if __name__ == "__main__":
    serve(prepare)
