"""Writes the state dict of one LSTM by torch.save: python3 bigTorch.py archive|legacy FILE UNITS (needs PyTorch)."""
import sys

import torch

form, file, units = sys.argv[1:]
state = torch.nn.ModuleDict({"lstm": torch.nn.LSTM(1, int(units))}).state_dict()
torch.save(state, file, _use_new_zipfile_serialization=form == "archive")
