"""Trains the digits network on MNIST and exports it: python digits.py --data DIR

`DIR/mnist/mnist.npz` holds `x_train`, `y_train`, `x_test`, `y_test`. Seeded; continues where it was cut off. The weights
that are kept are a running average. 2,000 of the training pictures are held out to watch it and to choose when
nothing fits; the test pictures are looked at once, at the end.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from digits_augmentation import augment, not_digits
from digits_export import export
from digits_network import DigitsNetwork

BATCH, JUNK, HELD_OUT, SEED = 128, 16, 2_000, 20
RATE, DECAY, AVERAGE = 2e-3, 1e-3, 0.999
HERE = Path(__file__).parent


def read_mnist(data: Path) -> dict[str, torch.Tensor]:
    """Pictures float32 [n, 1, 28, 28] in 0…1, labels int64 [n]; `train` without the pictures that are held out."""
    with np.load(data / "mnist" / "mnist.npz") as file:
        arrays = {name: torch.from_numpy(file[name]) for name in ("x_train", "y_train", "x_test", "y_test")}
    order = torch.randperm(len(arrays["x_train"]), generator=torch.Generator().manual_seed(SEED))
    pictures = lambda x: x.float().div(255).unsqueeze(1)
    sets = {}
    for name, rows in (("held", order[:HELD_OUT]), ("train", order[HELD_OUT:])):
        sets[name] = (pictures(arrays["x_train"][rows]), arrays["y_train"][rows].long())
    sets["test"] = (pictures(arrays["x_test"]), arrays["y_test"].long())
    return sets


@torch.no_grad()
def accuracy(network: torch.nn.Module, pictures: torch.Tensor, labels: torch.Tensor) -> float:
    """Share of pictures whose greatest logit is their label's."""
    network.eval()
    hits = [(network(pictures[at : at + 500]).argmax(1) == labels[at : at + 500]).sum() for at in range(0, len(labels), 500)]
    return (sum(hits) / len(labels)).item()


def loss_of(network: DigitsNetwork, digits: torch.Tensor, labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Cross-entropy of augmented digits with their labels, and of what is no digit with no label at all (1/10 each)."""
    views = augment(digits, generator)
    junk = not_digits(views[:JUNK], generator)
    batch = torch.cat([views, junk]).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(batch)
    logits = logits.float()
    uniform = -F.log_softmax(logits[len(views) :], 1).mean()
    return F.cross_entropy(logits[: len(views)], labels, label_smoothing=0.02) + 0.1 * uniform


def train(sets: dict, epochs: int, cache: Path) -> DigitsNetwork:
    """All epochs, those of an earlier call not again. @returns the averaged network"""
    torch.manual_seed(SEED)
    pictures, labels = sets["train"]
    network = DigitsNetwork().to(memory_format=torch.channels_last)
    averaged = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE), use_buffers=True)
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    state = {"network": network, "averaged": averaged, "optimiser": optimiser}
    path, first = cache / "run.pt", 0
    if path.exists():
        saved = torch.load(path, weights_only=True)
        first = saved.pop("epoch")
        for name, value in saved.items():
            state[name].load_state_dict(value)
    steps = len(pictures) // BATCH
    for epoch in range(first, epochs):
        generator, began = torch.Generator().manual_seed(SEED + epoch), time.monotonic()
        torch.manual_seed(SEED + epoch)
        order, total = torch.randperm(len(pictures), generator=generator), 0.0
        network.train()
        for step in range(steps):
            progress = (epoch + step / steps) / epochs
            warm = min(1.0, (epoch * steps + step + 1) / 300)
            optimiser.param_groups[0]["lr"] = RATE * warm * (0.5 + 0.5 * math.cos(math.pi * progress)) + 1e-6
            rows = order[step * BATCH : (step + 1) * BATCH]
            loss = loss_of(network, pictures[rows], labels[rows], generator)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            averaged.update_parameters(network)
            total += loss.item()
        torch.save({name: value.state_dict() for name, value in state.items()} | {"epoch": epoch + 1}, path)
        held = accuracy(averaged.module, *sets["held"])
        print(f"epoch {epoch + 1}/{epochs}: loss {total / steps:.4f}, held out {held:.4%}, "
              f"{time.monotonic() - began:.0f} s", flush=True)
    return averaged.module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with mnist/mnist.npz")
    parser.add_argument("--cache", type=Path, default=Path(".training/digits"), help="checkpoint")
    parser.add_argument("--out", type=Path, default=HERE.parent / "heads" / "digits")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.cache.mkdir(parents=True, exist_ok=True)
    sets = read_mnist(options.data)
    network = train(sets, options.epochs, options.cache)
    export(network, sets["held"], options.out)
    print(f"MNIST test: {accuracy(network, *sets['test']):.2%}")


if __name__ == "__main__":
    main()
