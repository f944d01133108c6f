"""Learns the bundle's `tokenizer.json`. A new vocabulary needs a new text tower."""

import vocabulary
from setup import arguments, read_setup
from texts import corpus


def main() -> None:
    setup = read_setup(arguments(__doc__).parse_args())
    tokenizer = vocabulary.train_vocabulary(corpus(setup.wordnet, setup.concepts, setup.heads))
    vocabulary.save(tokenizer, setup.bundle / "tokenizer.json")
    print(tokenizer.get_vocab_size(), "entries")


if __name__ == "__main__":
    main()
