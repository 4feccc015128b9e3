"""Writes a Keras model of one LSTM as .h5 or .keras: python3 bigKeras.py h5|keras FILE CONFIG (needs h5py)."""
import io
import json
import sys
import zipfile

import h5py
import numpy

kind, path, text = sys.argv[1:]
config = json.loads(text)
units = config["config"]["layers"][0]["config"]["units"]
random = numpy.random.default_rng(1)
shapes = {"kernel": (1, 4 * units), "recurrent_kernel": (units, 4 * units), "bias": (4 * units,)}
arrays = {name: random.standard_normal(shape, dtype="f4") / 32 for name, shape in shapes.items()}

if kind == "h5":
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = text
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"memory"]
        group = weights.create_group("memory")
        group.attrs["weight_names"] = [f"memory/lstm_cell/{name}:0".encode() for name in arrays]
        for name, array in arrays.items():
            group[f"memory/lstm_cell/{name}:0"] = array
else:
    layer = config["config"]["layers"][0]
    shape = layer["config"].pop("batch_input_shape")
    layer["module"] = "keras.layers"
    first = {"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": shape, "name": "x"}}
    config = {"module": "keras", **config}
    config["config"]["layers"].insert(0, first)
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        for k, array in enumerate(arrays.values()):
            file[f"layers/lstm/cell/vars/{k}"] = array
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.0.0"}))
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", data.getvalue())
