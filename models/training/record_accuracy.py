"""Copies top-1 and top-5 of the bundle's evaluation reports (`npm run evaluate … --out models/mini-clip/evaluations/<head>.json`) into bundle.json."""

import argparse
import json

from export import write_json
from setup import HERE


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    bundle = HERE.parent / "mini-clip"
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((bundle / "evaluations").glob("*.json"))]
    accuracy = {report["head"]: {"top1": round(report["top1"]["value"], 4), "top5": round(report["top5"]["value"], 4),
                                 "n": report["n"], "kind": report["kind"]} for report in reports}
    path = bundle / "bundle.json"
    write_json(path, {**json.loads(path.read_text(encoding="utf-8")), "accuracy": accuracy})
    print(accuracy)


if __name__ == "__main__":
    main()
