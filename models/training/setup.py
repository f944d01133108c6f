"""What every command needs: places on the command line, rows, concepts, WordNet, targets."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from concepts import Concepts, build_concepts, targets_of
from pictures import Row, read_rows
from wordnet import WordNet

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Setup:
    """`held_out[i]`: picture i is for choosing thresholds and watching progress, never trained on."""

    data: Path
    cache: Path
    heads: Path
    bundle: Path
    rows: list[Row]
    concepts: Concepts
    wordnet: WordNet
    targets: np.ndarray
    held_out: np.ndarray


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that all commands share."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with train/ and eval/")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet/data.noun"))
    parser.add_argument("--cache", type=Path, default=Path(".training"), help="features and checkpoints")
    parser.add_argument("--bundle", type=Path, default=HERE.parent / "mini-clip")
    return parser


def read_setup(options: argparse.Namespace) -> Setup:
    """Reads all of it; every 50th picture is held out."""
    heads = HERE.parent / "heads"
    rows = read_rows(options.data)
    concepts = build_concepts(heads, rows)
    held_out = np.zeros(len(rows), bool)
    held_out[np.random.default_rng(7).permutation(len(rows))[: len(rows) // 50]] = True
    return Setup(options.data, options.cache, heads, options.bundle, rows, concepts, WordNet(options.wordnet),
                 targets_of(rows, concepts, heads), held_out)
