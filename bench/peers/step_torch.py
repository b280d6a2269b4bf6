"""A training step in plain eager PyTorch: cuDNN-style nn.GRU / nn.LSTM for the encoder, a loop of cells where attention
needs one, a whole-sequence layer where it does not."""

import torch
from torch import nn

from cases import batch, serve
from hard_monotonic import HardMonotonic


class Model(nn.Module):
    def __init__(self, case):
        super().__init__()
        size, lstm = case["size"], case["cell"] == "lstm"
        V, E, H = size["V"], size["E"], size["H"]
        self.lstm, self.attention, self.bidirectional = lstm, case["attention"], case["bidirectional"]
        D = 2 * H if self.bidirectional else H
        self.source, self.target = nn.Embedding(V, E), nn.Embedding(V, E)
        layer = nn.LSTM if lstm else nn.GRU
        self.encoder = layer(E, H, batch_first=True, bidirectional=self.bidirectional)
        self.bridge = nn.Linear(D, H) if self.bidirectional else None
        if self.attention:
            self.decoder = (nn.LSTMCell if lstm else nn.GRUCell)(E + D, H)
            self.query, self.keys = nn.Linear(H, H, bias=False), nn.Linear(D, H)
            self.v = nn.Linear(H, 1, bias=False)
            self.head = nn.Linear(H + D, V)
        else:
            self.decoder = layer(E, H, batch_first=True)
            self.head = nn.Linear(H, V) if "head" not in case else HardMonotonic(H, D, V, case["head"]["window"])

    def start(self, final):
        """The decoder's first state: the encoder's last, or a tanh layer over both directions."""
        h = final[0] if self.lstm else final
        if not self.bidirectional:
            return final
        h = torch.tanh(self.bridge(torch.cat([h[0], h[1]], -1)))[None]
        return (h, torch.zeros_like(h)) if self.lstm else h

    def forward(self, source, given, expected):
        """The mean loss."""
        outputs, final = self.encoder(self.source(source))
        embedded = self.target(given)
        state = self.start(final)
        if isinstance(self.head, HardMonotonic):
            return self.head(self.decoder(embedded, state)[0], outputs, expected)
        if not self.attention:
            return entropy(self.head(self.decoder(embedded, state)[0]), expected)
        state = (state[0][0], state[1][0]) if self.lstm else state[0]
        keys, steps = self.keys(outputs), []
        for t in range(given.shape[1]):
            h = state[0] if self.lstm else state
            scores = self.v(torch.tanh(keys + self.query(h)[:, None])).squeeze(-1)
            context = torch.bmm(torch.softmax(scores, -1)[:, None], outputs)[:, 0]
            state = self.decoder(torch.cat([embedded[:, t], context], -1), state)
            steps.append(torch.cat([state[0] if self.lstm else state, context], -1))
        return entropy(self.head(torch.stack(steps, 1)), expected)


def entropy(logits, expected):
    return nn.functional.cross_entropy(logits.flatten(0, 1), expected.flatten())


def prepare(case, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = Model(case)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    source, given, expected = (torch.from_numpy(ids) for ids in batch(case["size"]))

    def run(steps):
        for _ in range(steps):
            adam.zero_grad()
            loss = model(source, given, expected)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            adam.step()
        return loss.item()

    return run


if __name__ == "__main__":
    serve(prepare)
