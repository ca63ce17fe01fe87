"""PyTorch's recurrent layers and character models as a server on stdin and stdout: a request a line, its work done once, an answer a line.

    train_peer.py THREADS                                     prints "ready torch VERSION threads 2"
    prepare CELL NUM_LAYERS HIDDEN B T VOCAB EMBEDDING        ok; CELL is rnn, lstm or gru
    train N                                                   seconds per update of the model, mean of N
    layer CELL T B I H                                        ok
    forward N                                                 seconds per forward pass of the layer, recorded for autograd
    step N                                                    seconds per forward and backward pass of the layer

An error is one line on stderr and exit code 1. Start it with OMP_WAIT_POLICY=passive: OpenMP's threads would otherwise spin between
requests and take the cores from the program that is measured in turn.
"""
import os
import sys
import time

if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or int(sys.argv[1]) == 0:
        sys.exit("train_peer: expected THREADS, a whole number above zero")
    # OpenMP and OpenBLAS read these once, when they are loaded; torch.set_num_threads does not reach OpenBLAS.
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[1]

import torch
from torch import nn
from torch.nn import functional

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
CHUNKS = 8


class CharacterModel(nn.Module):
    """Embedding, stacked recurrent layers and a linear layer over the vocabulary; time-major."""

    def __init__(self, cell, num_layers, hidden, vocab, embedding):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embedding)
        self.rnn = CELLS[cell](embedding, hidden, num_layers)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, tokens, state):
        y, state = self.rnn(self.embedding(tokens), state)
        return self.head(y), state


class Training:
    """Truncated BPTT over random tokens, with Adam, clipping to a norm of 5, and the state carried from chunk to chunk."""

    def __init__(self, cell, num_layers, hidden, batch, steps, vocab, embedding):
        self.model = CharacterModel(cell, num_layers, hidden, vocab, embedding)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.chunks = torch.randint(vocab, (CHUNKS, steps + 1, batch))
        self.state = None
        self.updates = 0
        self.run()  # Once untimed: Adam makes its moments in the first step.

    def run(self):
        chunk = self.chunks[self.updates % CHUNKS]
        self.updates += 1
        self.optimizer.zero_grad(set_to_none=True)
        logits, state = self.model(chunk[:-1], self.state)
        loss = functional.cross_entropy(logits.flatten(0, 1), chunk[1:].flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimizer.step()
        self.state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        return loss.item()


class Layer:
    """One recurrent layer with its gradients to all parameters, the input and the initial state."""

    def __init__(self, cell, steps, batch, inputs, hidden):
        self.rnn = CELLS[cell](inputs, hidden)
        self.x = torch.randn(steps, batch, inputs, requires_grad=True)
        states = [torch.randn(1, batch, hidden, requires_grad=True) for _ in range(2 if cell == "lstm" else 1)]
        self.state = tuple(states) if cell == "lstm" else states[0]
        self.wanted = [self.x, *states, *self.rnn.parameters()]
        self.dy = torch.randn(steps, batch, hidden)
        self.step()  # Once untimed, so that no request pays for untouched pages.

    def forward(self):
        return self.rnn(self.x, self.state)[0]

    def step(self):
        torch.autograd.grad(self.forward(), self.wanted, self.dy)


def positive(words):
    numbers = [int(word) for word in words]
    if any(n <= 0 for n in numbers):
        raise ValueError("sizes and counts are whole numbers above zero")
    return numbers


def seconds_per_run(work, times):
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def serve():
    training = layer = None
    for line in sys.stdin:
        verb, *words = line.split() or [""]
        if verb in ("prepare", "layer"):
            training = layer = None  # First, so that two never hold memory at once.
            if not words or words[0] not in CELLS or len(words) != (7 if verb == "prepare" else 5):
                raise ValueError(f"cannot read '{line.strip()}'")
            sizes = positive(words[1:])
            if verb == "prepare":
                training = Training(words[0], *sizes)
            else:
                layer = Layer(words[0], *sizes)
            print("ok", flush=True)
            continue
        work = {"train": training and training.run, "forward": layer and layer.forward, "step": layer and layer.step}.get(verb)
        if work is None or len(words) != 1:
            raise ValueError(f"cannot do '{line.strip()}': unknown, or nothing was prepared for it")
        print(seconds_per_run(work, *positive(words)), flush=True)


def main():
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    print(f"ready torch {torch.__version__} threads {threads}", flush=True)
    serve()


if __name__ == "__main__":
    try:
        main()
    except (ValueError, RuntimeError) as error:
        sys.exit(f"train_peer: {str(error).splitlines()[0]}")
