"""Where sentences land: the nearest concepts to sentences that name one or two of them, by the bundle's text tower.

The sentences are written by hand and none is in the training texts. Printed: for each its five nearest concepts (a concept is the mean of
its names in a template), and how many of the things that it names are among these.
"""

import numpy as np

from evaluate import Bundle
from setup import arguments, read_setup

SENTENCES = {
    "a dog sleeping on a sofa": ("dog", "couch"),
    "a cat sitting next to a laptop on my desk": ("cat", "laptop"),
    "two people riding a tandem bicycle along the river": ("bicycle-built-for-two",),
    "a bowl of oranges and a banana on the kitchen table": ("bowl", "orange", "banana"),
    "an elephant drinks at a muddy lake": ("elephant",),
    "my brother is playing the violin": ("violin",),
    "a yellow school bus stops in the rain": ("school bus",),
    "an old lighthouse above the sea": ("beacon", "sea"),
    "a butterfly on a sunflower": ("butterfly", "sunflower"),
    "the train crosses a long bridge": ("train", "bridge"),
    "a lion and a tiger behind a fence": ("lion", "tiger"),
    "she wears sunglasses and a red cowboy hat": ("sunglasses", "cowboy hat"),
}
NEAREST = 5


def main() -> None:
    options = arguments(__doc__).parse_args()
    setup, bundle = read_setup(options), Bundle(options.bundle)
    concepts = setup.concepts.all
    places = bundle.labels([concept.texts for concept in concepts], ["a photo of a {}"])
    found = named = 0
    for sentence, things in SENTENCES.items():
        nearest = np.argsort(-(places @ bundle.labels([[sentence]], ["{}"])[0]))[:NEAREST]
        texts = [{text.lower() for text in concepts[i].texts} for i in nearest]
        found += sum(any(thing in names for names in texts) for thing in things)
        named += len(things)
        print(f"{sentence}: {', '.join(concepts[i].texts[0] for i in nearest)}")
    print(f"{found} of {named} things among the {NEAREST} nearest of {len(concepts)} concepts")


if __name__ == "__main__":
    main()
