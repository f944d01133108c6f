"""All of the training, in order: from published parts to both towers, ready for export.py.

It may be cut off and called again: each part continues where it stopped, or sees that it is finished. With `--twin` the text
tower is also trained without `held_out_names.txt`, to measure words never seen (measure_unseen.py).
"""

import argparse
import os
import subprocess
import sys

from setup import HERE, arguments

KEEP_MEMORY = "glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=8589934592:glibc.malloc.hugetlb=1"
"""README.md says what it gains."""


def parts(options: argparse.Namespace) -> list[list[str]]:
    """Each part's script and its own options."""
    cache, names = options.cache, str(HERE / "held_out_names.txt")
    image, trunk, twin = (str(cache / name) for name in ("image-tower.pt", "text-trunk.pt", "text-without.pt"))
    late = ["--space", image, "--begin", trunk, "--own-vectors", "--rate", "8e-4", *minutes(options, 30)]
    towers = [str(cache / "text-tower.pt"), *([twin] if options.twin else [])]
    return [
        ["teacher_features.py"],
        *([] if (cache / "joint-space.pt").exists() else [["begin.py"]]),
        ["train_image.py", *minutes(options, 130)],
        ["train_image.py", "--polish", "--weights", image, "--rate", "6e-4", *minutes(options, 55)],
        ["train_text.py", "--space", image, "--without", names, "--checkpoint", trunk, *minutes(options, 40)],
        ["train_text.py", "--late", names, *late],
        *([["train_text.py", "--without", names, "--checkpoint", twin, *late]] if options.twin else []),
        ["centre_texts.py", "--text", *towers],
    ]


def minutes(options: argparse.Namespace, count: float) -> list[str]:
    return ["--minutes", str(count * options.share)]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the minutes of every part: less to try it out")
    parser.add_argument("--twin", action="store_true", help="also the text tower that measures words never seen")
    options = parser.parse_args()
    environment = {"GLIBC_TUNABLES": KEEP_MEMORY, **os.environ}
    for script, *own in parts(options):
        # Only these two are what the first part takes of the options that all share.
        places = ["--data", options.data, "--cache", options.cache]
        if script != "teacher_features.py":
            places += ["--wordnet", options.wordnet, "--bundle", options.bundle]
        print(f"== {script} {' '.join(own)}", flush=True)
        subprocess.run([sys.executable, "-u", HERE / script, *map(str, places), *own], env=environment, check=True)


if __name__ == "__main__":
    main()
