"""Fine-tunes the image tower: labels on one side, what the backbone knew before on the other.

Mixed input sizes (96 to 160 px, the last half 128 to 192), the joint space's losses, and for pictures over 60 px
the untouched backbone's 1,000-way answer and its features as second target (teacher_features.py); virtual pictures
keep the classes without any (virtual_features.py); every picture is also paired with a text (captions.py). The stem, the first
three blocks and all depthwise kernels stay as they are. Averages of the weights are what is exported.

Stops after `--minutes` in all; the same command continues from `<cache>/image-run.pt` (polish-run.pt). Without one it starts from
`<cache>/joint-space.pt` (begin.py), or from `--weights`.

`--polish` goes on from finished weights: the joint space stays, so that the text tower still fits and prototypes may be its answers
(recover.py); larger sizes throughout; no virtual pictures and no captions, which teach the space alone, but mosaics, which hold the tower
where it sees photographs (mosaics.py). Larger pictures whose teacher features are not there yet are left out.
"""

import math
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from backbone import load_pretrained
from captions import Captions, JointMap, contrastive
from concepts import NONE
from joint_space import JointSpace, Losses, related_concepts
from mosaics import MosaicKeeper, draw_mosaics
from pictures import Pictures, unpack
from pixels import centre_square, jitter, random_square, to_input
from sentence_encoder import SentenceEncoder
from setup import Setup, arguments, read_setup
from teacher_features import open_features
from virtual_features import VirtualFeatures

FROZEN = 3
BATCHES = {96: 96, 128: 64, 160: 48, 192: 40}
"""Pictures a step, for each input side."""
EARLY, LATE = ((96, 0.3), (128, 0.5), (160, 0.2)), ((128, 0.4), (160, 0.3), (192, 0.3))
MOSAICS = 24
"""A step of the polish."""
VIRTUAL = 192
"""Virtual pictures a step, of any of the 1,000 classes."""
CAPTIONS = 0.3
"""Weight of the contrastive loss of pictures and texts."""
SPACE_RATE = 1e-3
SAVE_EVERY, JUDGE_EVERY = 180, 900
"""Seconds."""
SHOW_EVERY = 50
"""Steps."""


class Run:
    """The weights, their averages and the optimiser: all that a checkpoint holds."""

    def __init__(self, concepts: int, rate: float, polish: bool):
        backbone, self.classifier = load_pretrained(0)
        self.polish = polish
        self.model = torch.nn.ModuleDict({"backbone": backbone, "space": JointSpace(concepts), "map": JointMap()})
        self.model.to(memory_format=torch.channels_last).train()
        self.average = {name: value.clone() for name, value in self.model.state_dict().items()}
        self.spent, self.step = 0.0, 0
        trained = [weight for block in [*backbone.blocks[FROZEN:], backbone.head] for weight in block.parameters()
                   if weight.requires_grad]
        space = self.model["space"].requires_grad_(not polish)
        groups = [{"params": [weight], "peak": rate * _size(weight), "weight_decay": 0.02} for weight in trained]
        if not polish:
            maps = [*space.project.parameters(), *self.model["map"].parameters()]
            groups += [{"params": maps, "peak": SPACE_RATE, "weight_decay": 0.001},
                       {"params": [space.prototypes, space.log_scale], "peak": SPACE_RATE, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups)

    def set_rate(self, spent: float) -> None:
        """Warm-up over 100 steps, then half a cosine to zero over the time."""
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * min(1.0, (self.step + 1) / 100) * (0.02 + 0.98 * (1 + math.cos(math.pi * spent)) / 2)

    def learn(self, loss: torch.Tensor, spent: float) -> None:
        """One step; spent: share of the time, 0 to 1."""
        self.set_rate(spent)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([w for group in self.optimiser.param_groups for w in group["params"]], 5.0)
        self.optimiser.step()
        self.update_average()
        self.step += 1

    @torch.no_grad()
    def update_average(self) -> None:
        keep = min(0.997, (self.step + 1) / (self.step + 10))
        for name, value in self.model.state_dict().items():
            self.average[name].lerp_(value, 1 - keep)

    def file(self, cache: Path) -> Path:
        """Where it continues."""
        return cache / ("polish-run.pt" if self.polish else "image-run.pt")

    def save(self, cache: Path) -> None:
        """What continues, and `image-tower.pt` to export."""
        state = {"model": self.model.state_dict(), "average": self.average, "optimiser": self.optimiser.state_dict(),
                 "spent": self.spent, "step": self.step}
        torch.save(state, cache / "image-run.part")
        (cache / "image-run.part").replace(self.file(cache))
        torch.save(_parts(self.average), cache / "image-tower.part")
        (cache / "image-tower.part").replace(cache / "image-tower.pt")

    def load(self, path: Path) -> None:
        state = torch.load(path, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimiser.load_state_dict(state["optimiser"])
        self.spent, self.step = state["spent"], state["step"]


def _size(weight: torch.Tensor) -> float:
    """Root mean square. Folded batch norm leaves weights from 0.01 to 1: each tensor learns in proportion to its size."""
    return float(weight.detach().square().mean().sqrt())


def _parts(state: dict) -> dict:
    """{"backbone": …, "space": …, "map": …} of a flat state."""
    return {part: {name.removeprefix(f"{part}."): value for name, value in state.items() if name.startswith(f"{part}.")}
            for part in ("backbone", "space", "map")}


class SpaceKeeper:
    """What teaches the joint space beside labels: virtual pictures of any class, and texts."""

    def __init__(self, run: Run, setup: Setup, losses: Losses, related: torch.Tensor):
        self.run, self.losses, self.related = run, losses, related
        self.virtual, self.captions = VirtualFeatures(setup, run.classifier), Captions(setup, SentenceEncoder(setup.cache))
        self.imagenet = np.array(setup.concepts.imagenet)

    def __call__(self, images: torch.Tensor, labels: np.ndarray) -> dict[str, torch.Tensor]:
        """Parts of the loss; images: embeddings [batch, 512] of pictures of the concepts `labels`."""
        unseen, classes = self.virtual.draw(VIRTUAL)
        with torch.no_grad():
            teacher = self.run.classifier(unseen)
        space, joint_map = self.run.model["space"], self.run.model["map"]
        virtual_images = space.embed(unseen)
        concepts = np.concatenate([labels, self.imagenet[classes]])
        captions = contrastive(torch.cat([images, virtual_images]), joint_map(self.captions.draw(concepts)),
                               space.log_scale.exp(), torch.from_numpy(concepts), self.related)
        return {**self.losses.of_virtual(space.logits(virtual_images), classes, teacher), "captions": CAPTIONS * captions}


class Loader:
    """Batches made in a thread of its own while the last one is learned."""

    def __init__(self, pictures: Pictures, usable: np.ndarray, seed: int, mosaics: int):
        self.pictures, self.usable, self.mosaics = pictures, usable, mosaics
        self.large = usable[np.minimum(pictures.widths, pictures.heights)[usable] > 60]
        self.chance, self.generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
        self.thread = ThreadPoolExecutor(1)
        self.next: Future | None = None

    def draw(self, sizes: tuple[tuple[int, float], ...]) -> tuple[np.ndarray, torch.Tensor, np.ndarray | None]:
        """Rows, their augmented pixels as the tower takes them, and mosaics; made one step ahead."""
        ready = self.next or self.thread.submit(self._make, sizes)
        made = ready.result()
        self.next = self.thread.submit(self._make, sizes)
        return made

    def _make(self, sizes: tuple[tuple[int, float], ...]) -> tuple[np.ndarray, torch.Tensor, np.ndarray | None]:
        sides, shares = zip(*sizes, strict=True)
        side = int(self.chance.choice(sides, p=shares))
        rows = self.chance.choice(self.usable, BATCHES[side], replace=False)
        views = torch.from_numpy(np.stack([random_square(self.pictures[i], side, self.chance) for i in rows]))
        pixels = jitter(to_input(views, side), self.generator)
        mosaics = draw_mosaics(self.pictures, self.large, self.mosaics, self.chance) if self.mosaics else None
        return rows, pixels.contiguous(memory_format=torch.channels_last), mosaics


class Lesson:
    """What a step is held to: labels, the untouched backbone, and what keeps the joint space or the tower's view of sharp pictures."""

    def __init__(self, run: Run, setup: Setup, pictures: Pictures):
        self.run, self.targets = run, setup.targets
        self.features, self.done = open_features(setup.cache, len(setup.rows))
        self.large = np.minimum(pictures.widths, pictures.heights) > 60
        related = related_concepts(setup.concepts, setup.wordnet, setup.targets)
        self.losses = Losses(setup.concepts, related, setup.targets)
        self.space_keeper = None if run.polish else SpaceKeeper(run, setup, self.losses, related)
        self.mosaic_keeper = MosaicKeeper(setup.concepts.imagenet) if run.polish else None

    def usable(self, held_out: np.ndarray) -> np.ndarray:
        """Rows to learn from: larger pictures only where the untouched backbone has seen them."""
        return np.flatnonzero(~held_out & ((self.done == 1) | ~self.large))

    def __call__(self, rows: np.ndarray, pixels: torch.Tensor, mosaics: np.ndarray | None) -> dict[str, torch.Tensor]:
        """Parts of the loss of a batch, as the Loader draws it."""
        backbone, space, targets = self.run.model["backbone"], self.run.model["space"], self.targets[rows]
        before = torch.from_numpy(self.features[rows]).float()
        sure = torch.from_numpy(self.large[rows].astype(np.float32))
        with torch.no_grad():
            teacher = self.run.classifier(before)
        with torch.autocast("cpu", torch.bfloat16):
            now = backbone(pixels, FROZEN)
        now = now.float()
        images = space.embed(now)
        parts = self.losses(space.logits(images), torch.from_numpy(targets), teacher, sure)
        parts["features"] = 2 * ((1 - F.cosine_similarity(now, before, dim=-1)) * sure).mean()
        if self.space_keeper:
            parts |= self.space_keeper(images, targets[:, 2])
        if self.mosaic_keeper:
            parts |= self.mosaic_keeper(mosaics, backbone, space, FROZEN)
        return parts


def train(run: Run, setup: Setup, pictures: Pictures, minutes: float) -> None:
    """Steps until the time is over."""
    lesson = Lesson(run, setup, pictures)
    loader = Loader(pictures, lesson.usable(setup.held_out), run.step, MOSAICS if run.polish else 0)
    last_save = last_judge = last = time.time()
    sums: dict[str, float] = {}
    while run.spent < minutes * 60:
        spent = run.spent / (minutes * 60)
        rows, pixels, mosaics = loader.draw(EARLY if spent < 0.5 and not run.polish else LATE)
        parts = lesson(rows, pixels, mosaics)
        run.learn(sum(parts.values()), spent)
        now = time.time()
        run.spent, last = run.spent + now - last, now
        sums = {name: sums.get(name, 0.0) + float(part.detach()) for name, part in parts.items()} | {
            "pictures": sums.get("pictures", 0.0) + len(rows)}
        if run.step % SHOW_EVERY == 0:
            shown = ", ".join(f"{name} {value / SHOW_EVERY:.3f}" for name, value in sums.items() if name != "pictures")
            print(f"step {run.step}, {spent:.1%}, {sums['pictures']:.0f} pictures: {shown}", flush=True)
            sums = {}
        if now - last_save > SAVE_EVERY:
            run.save(setup.cache)
            last_save = now
        if now - last_judge > JUDGE_EVERY:
            judge(run, setup, pictures)
            last_judge = time.time()
    run.save(setup.cache)
    judge(run, setup, pictures)


@torch.no_grad()
def judge(run: Run, setup: Setup, pictures: Pictures, side: int = 224, limit: int = 1500) -> None:
    """Prints top-1 of the averaged weights on held-out training pictures."""
    kept = {name: value.clone() for name, value in run.model.state_dict().items()}
    run.model.load_state_dict(run.average)
    run.model.eval()
    rows = np.flatnonzero(setup.held_out)[:limit]
    embeddings = []
    for at in range(0, len(rows), 50):
        squares = [to_input(torch.from_numpy(centre_square(pictures[i]).copy())[None], side) for i in rows[at : at + 50]]
        with torch.autocast("cpu", torch.bfloat16):
            features = run.model["backbone"](torch.cat(squares).contiguous(memory_format=torch.channels_last))
        embeddings.append(run.model["space"].embed(features.float()))
    logits = run.model["space"].logits(torch.cat(embeddings))
    for name, places, column in (("cifar100", setup.concepts.cifar100, 0), ("imagenet", setup.concepts.imagenet, 1)):
        has = setup.targets[rows, column] != NONE
        hits = logits[:, torch.tensor(places)].argmax(-1).numpy()[has] == setup.targets[rows, column][has]
        print(f"held out at {side} px, {name}: {hits.mean():.3f} of {has.sum()}", flush=True)
    run.model.load_state_dict(kept)
    run.model.train()


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1e-3, help="largest step of a weight, relative to its tensor")
    parser.add_argument("--weights", type=Path, help="an image-tower.pt to start from")
    parser.add_argument("--polish", action="store_true", help="keep the joint space, larger pictures throughout")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    setup = read_setup(options)
    run = Run(len(setup.concepts.all), options.rate, options.polish)
    if run.file(setup.cache).exists():
        run.load(run.file(setup.cache))
        print(f"continues at step {run.step}, {run.spent / 60:.0f} of {options.minutes:.0f} minutes")
        if run.spent >= options.minutes * 60:
            return
    elif options.weights:
        stored = torch.load(options.weights, weights_only=True)
        run.model["backbone"].load_state_dict(stored["backbone"])
        run.model["space"].load_state_dict(stored["space"])
        if "map" in stored:
            run.model["map"].load_state_dict(stored["map"])
    else:
        run.model["space"].load_state_dict(torch.load(setup.cache / "joint-space.pt", weights_only=True))
    run.average = {name: value.clone() for name, value in run.model.state_dict().items()} if run.step == 0 else run.average
    train(run, setup, unpack(options.data, setup.cache), options.minutes)


if __name__ == "__main__":
    main()
