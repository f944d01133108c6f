"""Linear heads of the bundle, fitted on the embeddings that it serves: `imagenet1k` and `cat-dog`.

Both begin from the head's prompts and are drawn back to them. `imagenet1k` learns from the labels of training pictures and
from virtual pictures of all classes (virtual_features.py); in a real picture's loss the classes without pictures have a handicap,
since of them it only says that they are not there. `--leave-out` takes that for classes that have pictures, to
measure what becomes of the others. `cat-dog` is a logistic regression on pictures of cats and dogs. The threshold is the
energy score that 5 % of held-out pictures fall below. Embeddings are kept in the cache by what made them.

The bundle as committed keeps its prompts, which are as good on photographs (README.md); `--bundle` names a copy to try this on.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from backbone import load_pretrained
from concepts import NONE, prompts_of, read_head
from evaluate import Bundle
from head_file import LinearHead, write_head
from joint_space import JointSpace
from pictures import Pictures, unpack
from pixels import centre_square
from setup import Setup, arguments, read_setup
from virtual_features import VirtualFeatures

LARGE = 60
"""Pixels; smaller pictures are left out."""
PER_LABEL, PETS, HELD_OUT = 12, 60, 1000
"""Pictures of each label text; of each that names a cat or a dog; and held-out ones."""
VIRTUAL = 20_000
HANDICAP = 4.0
"""Of the logits of classes without pictures, in the loss of real ones."""
BATCH = 32
SHARE = 0.05
NOT_DOGS = {"hot dog", "african hunting dog"}


def cats_and_dogs(setup: Setup) -> np.ndarray:
    """int64 [rows]: 0 where the label is a cat, 1 a dog, else NONE."""
    breeds = {label["wnid"] for label in read_head(setup.heads, "dog-breeds")["labels"]}
    labels = [row.label.lower() for row in setup.rows]
    is_cat = np.array([label.split()[-1] == "cat" for label in labels])
    is_dog = np.array([label not in NOT_DOGS and (row.wnid in breeds or label.split()[-1] == "dog")
                       for row, label in zip(setup.rows, labels, strict=True)])
    return np.where(is_cat, 0, np.where(is_dog, 1, NONE))


def choose_rows(setup: Setup, pets: np.ndarray, seed: int = 3) -> np.ndarray:
    """Larger pictures, some of each label text, and of those held out."""
    order = np.random.default_rng(seed).permutation(len(setup.rows))
    sides = np.array([min(row.width, row.height) for row in setup.rows])
    chosen, counts = [], {}
    for row in order[(sides[order] > LARGE) & ~setup.held_out[order]]:
        label = int(setup.targets[row, 2])
        counts[label] = counts.get(label, 0) + 1
        if counts[label] <= (PER_LABEL if pets[row] == NONE else PETS):
            chosen.append(row)
    held_out = order[(sides[order] > LARGE) & setup.held_out[order]]
    return np.sort(np.concatenate([chosen, held_out[:HELD_OUT]]))


def enlarged(pictures: Pictures, rows: np.ndarray, side: int) -> np.ndarray:
    """float32 [rows, 3, side, side], resized as the product resizes."""
    squares = [Image.fromarray(centre_square(pictures[row])).resize((side, side), Image.Resampling.BICUBIC) for row in rows]
    return ((np.stack(squares).astype(np.float32) - 127) / 128).transpose(0, 3, 1, 2)


def embed(setup: Setup, side: int, rows: np.ndarray) -> torch.Tensor:
    """float32 [rows, 512], as the bundle answers; kept in the cache."""
    tower = setup.bundle / "onnx" / "vision_model.onnx"
    path = setup.cache / f"embeddings-{hashlib.sha256(tower.read_bytes() + rows.tobytes()).hexdigest()[:16]}.npy"
    if not path.exists():
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        session, pictures = onnxruntime.InferenceSession(tower, options), unpack(setup.data, setup.cache)
        np.save(path, np.concatenate([session.run(None, {"pixel_values": enlarged(pictures, rows[at : at + BATCH], side)})[0]
                                      for at in range(0, len(rows), BATCH)]))
    return torch.from_numpy(np.load(path))


@torch.no_grad()
def virtual_embeddings(setup: Setup, image: Path, without: frozenset[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """[VIRTUAL, 512] in the space of an image checkpoint, and the ImageNet class of each."""
    space = JointSpace(len(setup.concepts.all))
    space.load_state_dict(torch.load(image, weights_only=True)["space"])
    features, classes = VirtualFeatures(setup, load_pretrained(0)[1], without).draw(VIRTUAL)
    return space.embed(features), classes


@torch.no_grad()
def prompted(bundle: Bundle, head: dict, scale: float) -> nn.Linear:
    """The head's prompts as weights, at the scale at which the bundle compares."""
    rows = torch.from_numpy(bundle.labels([prompts_of(label) for label in head["labels"]], head["templates"]))
    linear = nn.Linear(rows.shape[1], rows.shape[0])
    linear.weight.copy_(scale * rows)
    linear.bias.zero_()
    return linear


def fit(start: nn.Linear, loss_of, steps: int, rate: float, pull: float) -> nn.Linear:
    """Adam from `start`; the mean squared way of a row from there counts `pull`. loss_of(head) draws its own batch."""
    head = nn.Linear(start.in_features, start.out_features)
    head.load_state_dict(start.state_dict())
    optimiser = torch.optim.Adam(head.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    for _ in range(steps):
        loss = loss_of(head) + pull * (head.weight - start.weight.detach()).square().sum(-1).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
    return head.requires_grad_(False)


def imagenet(start: nn.Linear, x: torch.Tensor, classes: torch.Tensor, learned: torch.Tensor,
             virtual: tuple[torch.Tensor, torch.Tensor]) -> nn.Linear:
    """x [rows, 512] of the ImageNet classes [rows]; `learned`: the rows to fit on."""
    pictured = torch.zeros(start.out_features, dtype=torch.bool)
    pictured[classes[learned]] = True
    handicap = HANDICAP * (~pictured).float()
    embeddings, virtual_classes = virtual

    def loss_of(head: nn.Linear) -> torch.Tensor:
        real, unreal = learned[torch.randint(len(learned), (256,))], torch.randint(len(embeddings), (256,))
        return (F.cross_entropy(head(x[real]) - handicap, classes[real])
                + F.cross_entropy(head(embeddings[unreal]), virtual_classes[unreal], label_smoothing=0.05))

    return fit(start, loss_of, 300, 1e-2, 1e-3)


def cat_or_dog(start: nn.Linear, x: torch.Tensor, kinds: torch.Tensor, learned: torch.Tensor) -> nn.Linear:
    """Both kinds count alike, however many pictures they have."""
    weight = len(learned) / 2 / torch.bincount(kinds[learned]).float()

    def loss_of(head: nn.Linear) -> torch.Tensor:
        rows = learned[torch.randint(len(learned), (256,))]
        return F.cross_entropy(head(x[rows]), kinds[rows], weight)

    return fit(start, loss_of, 300, 1e-2, 1e-3)


def right(head: nn.Linear, x: torch.Tensor, truth: torch.Tensor, rows: torch.Tensor) -> str:
    return f"{(head(x[rows]).argmax(-1) == truth[rows]).float().mean():.1%} of {len(rows)}"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--heads", nargs="*", default=["imagenet1k", "cat-dog"], help="which to write")
    parser.add_argument("--image", type=Path, help="the checkpoint that was exported; default: <cache>/image-tower.pt")
    parser.add_argument("--leave-out", type=int, default=0, help="measure with so many classes of ImageNet left out, and write nothing")
    options = parser.parse_args()
    torch.manual_seed(0)
    setup = read_setup(options)
    bundle, pets = Bundle(setup.bundle), cats_and_dogs(setup)
    scale = json.loads((setup.bundle / "bundle.json").read_text(encoding="utf-8"))["logitScale"]
    rows = choose_rows(setup, pets)
    x, held_out = embed(setup, bundle.side, rows), setup.held_out[rows]
    truths = {"imagenet1k": setup.targets[rows, 1], "cat-dog": pets[rows]}
    has_pictures = np.unique(truths["imagenet1k"][~held_out & (truths["imagenet1k"] != NONE)])
    left_out = np.random.default_rng(11).permutation(has_pictures)[: options.leave_out]
    for id in options.heads:
        definition, truth = read_head(setup.heads, id), truths[id]
        is_out = (id == "imagenet1k") & np.isin(truth, left_out)
        learned, judged, others = (torch.from_numpy(np.flatnonzero((truth != NONE) & some)) for some in
                                   (~held_out & ~is_out, held_out & ~is_out, is_out))
        start, truth = prompted(bundle, definition, scale).requires_grad_(False), torch.from_numpy(truth)
        if id == "imagenet1k":
            virtual = virtual_embeddings(setup, options.image or setup.cache / "image-tower.pt", frozenset(left_out.tolist()))
            head = imagenet(start, x, truth, learned, virtual)
        else:
            head = cat_or_dog(start, x, truth, learned)
        for name, one in (("prompts", start), ("fitted", head)):
            print(f"{id}, {name}: {right(one, x, truth, judged)} held out"
                  + (f", {right(one, x, truth, others)} of left-out classes" if len(others) else ""))
        if options.leave_out == 0:
            threshold = float(torch.logsumexp(head(x[judged]), -1).quantile(SHARE))
            write_head(setup.bundle, LinearHead(id, definition["title"], [label["label"] for label in definition["labels"]],
                                                head.weight.numpy(), head.bias.numpy(), round(threshold, 4)))


if __name__ == "__main__":
    main()
