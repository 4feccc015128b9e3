"""Compares exported runs, as NumPy reads them, with what `run --json` printed.

Run by test/python/npz.ts: python3 npz.py MANIFEST.json
"""
import json
import sys
import types

import numpy as np


def check_array(run, name, rows):
    found, expected = run[name], np.array(rows, dtype=np.float64).astype(np.float32)
    assert found.dtype == np.float32 and found.shape == expected.shape, (name, found.dtype, found.shape)
    assert np.array_equal(found.view(np.uint32), expected.view(np.uint32)), name


def check_run(model, file, run):
    with np.load(file, allow_pickle=False) as arrays, open(run) as text:
        trace = json.load(text)
        names = {"input", "output"}
        check_array(arrays, "output", trace["output"])
        for layer in trace["layers"]:
            for signal, rows in layer["signals"].items():
                name = f'{layer["layer"]}.{layer["level"]}.{layer["direction"]}.{signal}'
                names.add(name)
                check_array(arrays, name, rows)
        assert set(arrays.files) == names, set(arrays.files) ^ names
        assert len(arrays["input"]) == trace["steps"]
        print(f"{model}: {len(names)} arrays of {trace['steps']} steps, bit for bit")


def stand_in():
    """Where there is no matplotlib: what is drawn, and no more."""
    drawn = []
    plot = types.ModuleType("matplotlib.pyplot")
    plot.imshow = lambda values, **_: drawn.append(values)
    plot.xlabel = plot.ylabel = lambda text: None
    plot.colorbar = plot.show = lambda: None
    package = types.ModuleType("matplotlib")
    package.pyplot = plot
    sys.modules.update({"matplotlib": package, "matplotlib.pyplot": plot})
    return drawn


def check_lines(python, steps, file):
    drawn = stand_in()
    names = {}
    exec(compile(python, "copied.py", "exec"), names)
    assert drawn[0].shape == (16, steps), drawn[0].shape
    # The LSTM's own equation, over all steps of it.
    gate = {name: names["run"][f"lstm.0.forward.{name}"] for name in "ifgoch"}
    c = gate["f"][1:] * gate["c"][:-1] + gate["i"][1:] * gate["g"][1:]
    assert np.abs(c - gate["c"][1:]).max() < 1e-5
    assert np.abs(gate["o"] * np.tanh(gate["c"]) - gate["h"]).max() < 1e-5
    print(f"{steps} steps, computed as they were written: c = f · c₋₁ + i · g, h = o · tanh(c)")


def main(manifest):
    with open(manifest) as file:
        given = json.load(file)
    print(f"NumPy {np.__version__}\n")
    for run in given["runs"]:
        check_run(**run)
    check_lines(**given["long"])


if __name__ == "__main__":
    main(sys.argv[1])
