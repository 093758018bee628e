"""The plan of an epoch: windows, noise and batches."""
