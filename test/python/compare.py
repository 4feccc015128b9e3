"""Runs the modules that a manifest names and compares what they give with what the engine gave.

Run by test/python/index.ts: python3 compare.py MANIFEST.json
"""
import importlib.util
import json
import sys

import torch

TOLERANCE = 1e-5


def module_at(file):
    spec = importlib.util.spec_from_file_location("exported", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def largest_error(case):
    module = module_at(case["file"])
    with torch.no_grad():
        found = module.load()(*map(module.as_batch, case["inputs"]))[0]
    expected = torch.tensor(case["expected"])
    if found.shape != expected.shape:
        raise ValueError(f"expected {tuple(expected.shape)}, found {tuple(found.shape)}")
    return (found - expected).abs().max().item()


def main(manifest):
    with open(manifest) as file:
        cases, keras = json.load(file).values()
    failed = 0
    width = max(len(case["name"]) for case in cases)
    print(f"PyTorch {torch.__version__}; largest absolute error, at most {TOLERANCE}\n")
    for case in cases:
        try:
            error = largest_error(case)
            passed = error <= TOLERANCE
            figure = f"{error:.1e}"
        except Exception as fault:  # one broken module must not hide the others
            passed, figure = False, f"{type(fault).__name__}: {fault}"
        failed += not passed
        print(f"  {case['name']:{width}}  {figure}{'' if passed else '   FAILED'}")
    print(f"\n{len(cases) - failed} passed, {failed} failed")
    for file in keras:
        with open(file) as source:
            compile(source.read(), file, "exec")
    print(f"{len(keras)} files for Keras compile; they are not run, for Keras is not here")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
