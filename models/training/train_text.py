"""Teaches the text tower where texts belong in the joint space (lessons.py).

Every batch mixes names of the concepts in any template (cosine, and cross-entropy among all prototypes) with nouns,
glosses and sentences (cosine, and cross-entropy among the places of the batch, so that no place draws all texts to
itself). A third part counts a text's distance from its place as pictures see it: as squared error of their logits, so that
directions in which pictures differ count more.

Stops after `--minutes` in all; the same command continues from its checkpoint, which says beside it (`.seconds`) how long it took so far.
A checkpoint without that is one to begin with, as `--begin` is when there is none.
"""

import random
import time
from itertools import accumulate
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from backbone import load_pretrained
from joint_space import JointSpace
from lessons import Lessons, held_out_concepts, prepare
from sentence_encoder import SentenceEncoder
from setup import Setup, arguments, read_setup
from text_tower import CONTEXT, WIDTH, TextTower, begin_from_sentence_encoder
from token_vectors import TokenVectors
from virtual_features import VirtualFeatures

BATCH = 128
SCALE = 30.0
"""Of the cosines in both cross-entropies."""
SEEN = 0.3
"""Weight of the squared error of pictures' logits."""
OWN = 0.2
"""Rate of the tokens' own vectors, of the others'."""
LATER = 5.0
"""How much oftener names come that an earlier part of the training left out."""
SAME = 0.9
"""Cosine from which two places are too near each other to compete."""


class Run:
    """The tower with its token vectors in the making, and the seconds that it took; `save` folds the vectors."""

    def __init__(self, tokenizer: Tokenizer, encoder: SentenceEncoder):
        self.spent = 0.0
        self.tower = TextTower(tokenizer.get_vocab_size())
        begin_from_sentence_encoder(self.tower, encoder.bert)
        self.vectors = TokenVectors(tokenizer, encoder)
        self.tower.tokens = self.vectors

    def load(self, path: Path) -> None:
        state = torch.load(path, weights_only=True)
        self.vectors.unfold(state.pop("tokens.weight"))
        self.tower.load_state_dict(state, strict=False)

    def resume(self, path: Path) -> None:
        """Loads it, and what it took."""
        self.load(path)
        self.spent = seconds_of(path)

    def save(self, path: Path) -> None:
        state = {name: value for name, value in self.tower.state_dict().items() if not name.startswith("tokens.")}
        torch.save({**state, "tokens.weight": self.vectors.weight}, path)
        path.with_suffix(".seconds").write_text(f"{self.spent:.0f}\n", encoding="utf-8")


def seconds_of(checkpoint: Path) -> float:
    """What it was trained for; none where nothing is said beside it."""
    beside = checkpoint.with_suffix(".seconds")
    return float(beside.read_text(encoding="utf-8")) if checkpoint.exists() and beside.exists() else 0.0


def load_tower(path: Path, vocabulary: int) -> TextTower:
    """A tower from a checkpoint, its token vectors folded."""
    tower = TextTower(vocabulary)
    tower.load_state_dict(torch.load(path, weights_only=True))
    return tower.eval()


@torch.no_grad()
def begin_projection(run: Run, tokenizer: Tokenizer, lessons: Lessons, count: int = 8000) -> None:
    """The last linear map by ridge regression on the untrained tower's features."""
    chance = random.Random(0)
    some = [(text, lessons.prototypes[i]) for text, i in chance.choices(lessons.named, k=count)]
    some += [(text, lessons.places[row]) for text, row in chance.choices(lessons.short, k=count)]
    features = torch.cat([run.tower.features(tokens(tokenizer, [text for text, _ in some[at : at + 200]]))
                          for at in range(0, len(some), 200)]).double()
    places = torch.stack([place for _, place in some]).double()
    centre, mean = features.mean(0), places.mean(0)
    features = features - centre
    ridge = 1e-3 * features.square().sum() / WIDTH * torch.eye(WIDTH, dtype=torch.double)
    weight = torch.linalg.solve(features.T @ features + ridge, features.T @ (places - mean)).T
    run.tower.project.weight.copy_(weight)
    run.tower.project.bias.copy_(mean - weight @ centre)


def train(run: Run, tokenizer: Tokenizer, lessons: Lessons, seen: torch.Tensor, minutes: float, peak: float, seed: int,
          checkpoint: Path, late: set[int]) -> None:
    """AdamW until `minutes` of wall clock are over; the rate falls to zero with the time. Saves itself every 300 steps.

    Names of the concepts in `late` come LATER times as often.
    """
    weights = list(accumulate(LATER if i in late else 1.0 for _, i in lessons.named))
    chance = random.Random(seed + int(run.spent))
    own = run.vectors.own.weight
    optimiser = torch.optim.AdamW([
        {"params": [weight for weight in run.tower.parameters() if weight is not own], "peak": peak},
        {"params": [own], "peak": peak * OWN if own.requires_grad else 0.0},
    ], weight_decay=0.01)
    begun, step, sums = time.time() - run.spent, 0, {}
    while (spent := (time.time() - begun) / (minutes * 60)) < 1:
        run.spent = time.time() - begun
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * min(1, (step + 1) / 100) * (1 - spent)
        some, others = draw(lessons, step, chance, weights)
        with torch.autocast("cpu", torch.bfloat16):
            named = run.tower(tokens(tokenizer, [text for text, _ in some])).float()
            rest = run.tower(tokens(tokenizer, [text for text, _ in others])).float()
        concept = torch.tensor([i for _, i in some])
        places = lessons.places[[row for _, row in others]]
        parts = {
            "named": 5 * (1 - (named * lessons.prototypes[concept]).sum(-1)).mean(),
            "named among all": F.cross_entropy(SCALE * named @ lessons.prototypes.T, concept),
            "others": 5 * (1 - (rest * places).sum(-1)).mean(),
            "others among each other": among_each_other(rest, places),
            "as seen": SEEN * torch.cat([named - lessons.prototypes[concept], rest - places]).matmul(seen).square().sum(-1).mean(),
        }
        optimiser.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(run.tower.parameters(), 1.0)
        optimiser.step()
        step += 1
        sums = {name: sums.get(name, 0.0) + float(part.detach()) for name, part in parts.items()}
        if step % 300 == 0:
            run.save(checkpoint)
        if step % 100 == 0:
            print(f"step {step}, {spent:.0%}: " + ", ".join(f"{name} {value / 100:.3f}" for name, value in sums.items()), flush=True)
            sums = {}
    run.spent = time.time() - begun
    run.save(checkpoint)


@torch.no_grad()
def as_pictures_see(space: JointSpace, virtual: VirtualFeatures, count: int = 20_000) -> torch.Tensor:
    """[512, 512] so that |(a − b) · it|² is the mean squared difference of pictures' logits for texts at a and b."""
    images = space.embed(virtual.draw(count)[0]).double()
    moment = images.T @ images / count + 1e-6 * torch.eye(images.shape[1])
    return (space.log_scale.exp() * torch.linalg.cholesky(moment)).float()


def draw(lessons: Lessons, step: int, chance: random.Random, weights: list[float]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Texts with concept, `weights` says how often, and texts with place: one step in four long ones."""
    named = chance.choices(lessons.named, cum_weights=weights, k=BATCH)
    some = [(chance.choice(lessons.templates).format(text), i) for text, i in named]
    if step % 4 == 3:
        return some, chance.choices(lessons.long, k=BATCH // 2)
    others = chance.choices(lessons.short, k=BATCH)
    return some, [(chance.choice(lessons.templates).format(text) if " " not in text and chance.random() < 0.5 else text, row)
                  for text, row in others]


def among_each_other(embeddings: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of a batch: a text finds its own place among the others', a place its own text."""
    near = places @ places.T > SAME
    near.fill_diagonal_(False)
    logits = (SCALE * embeddings @ places.T).masked_fill(near, -1e4)
    own = torch.arange(len(logits))
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def tokens(tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """int64 [texts, longest], padded with the end token, as the product pads."""
    end = tokenizer.get_vocab_size() - 1
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    ids = [row if len(row) <= CONTEXT else [*row[: CONTEXT - 1], end] for row in ids]
    length = max(map(len, ids))
    return torch.tensor([row + [end] * (length - len(row)) for row in ids])


@torch.no_grad()
def judge(run: Run, tokenizer: Tokenizer, setup: Setup, prototypes: torch.Tensor, left_out: set[int]) -> None:
    """Prints how often a name in a template is nearest to its own prototype among ImageNet's, and left-out names among each other."""
    run.tower.eval()
    prototypes = F.normalize(prototypes, dim=-1)
    for what, places in (("ImageNet's names", setup.concepts.imagenet), ("left-out names", sorted(left_out))):
        if places:
            names = [setup.concepts.all[i].texts[0].split(" (")[0] for i in places]
            embeddings = run.tower(tokens(tokenizer, [f"a photo of a {name}" for name in names]))
            alike = embeddings @ prototypes[places].T
            right = alike.argmax(0) == torch.arange(len(places))
            print(f"{what}: cosine {alike.diagonal().mean():.3f}; a prototype finds its own name among {len(places)}: {right.float().mean():.1%}")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0, help="of the texts that are drawn")
    parser.add_argument("--space", type=Path, help="joint space to learn: joint-space.pt (default) or an image-tower.pt")
    parser.add_argument("--without", type=Path, help="list of names not to learn, to measure words never seen")
    parser.add_argument("--own-vectors", action="store_true", help="let each token learn a little of its own")
    parser.add_argument("--late", type=Path, help="list of names that the checkpoint was trained without")
    parser.add_argument("--begin", type=Path, help="a checkpoint to begin with when there is none yet")
    parser.add_argument("--checkpoint", type=Path, help="default: <cache>/text-tower.pt")
    options = parser.parse_args()
    checkpoint = options.checkpoint or options.cache / "text-tower.pt"
    if seconds_of(checkpoint) >= options.minutes * 60:
        print(f"{checkpoint} is trained for {options.minutes:.0f} minutes")
        return
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    setup = read_setup(options)
    encoder = SentenceEncoder(setup.cache)
    tokenizer = Tokenizer.from_file(str(setup.bundle / "tokenizer.json"))
    space = JointSpace(len(setup.concepts.all))
    stored = torch.load(options.space or setup.cache / "joint-space.pt", weights_only=True)
    space.load_state_dict(stored.get("space", stored))
    left_out = held_out_concepts(setup, options.without)
    lessons = prepare(setup, encoder, space.prototypes.detach(), left_out)
    print(f"{len(lessons.named)} names, {len(lessons.short)} + {len(lessons.long)} texts of {len(lessons.places)} places", flush=True)
    run = Run(tokenizer, encoder)
    run.vectors.own.requires_grad_(options.own_vectors)
    if checkpoint.exists():
        run.resume(checkpoint)
    elif options.begin:
        run.load(options.begin)
    else:
        begin_projection(run, tokenizer, lessons)
        judge(run, tokenizer, setup, space.prototypes.detach(), left_out)
    seen = as_pictures_see(space, VirtualFeatures(setup, load_pretrained(0)[1]))
    train(run, tokenizer, lessons, seen, options.minutes, options.rate, seed=options.seed, checkpoint=checkpoint,
          late=held_out_concepts(setup, options.late))
    judge(run, tokenizer, setup, space.prototypes.detach(), left_out)


if __name__ == "__main__":
    main()
