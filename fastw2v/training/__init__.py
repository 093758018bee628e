"""A training run: preparation, trainer, checkpoints, callbacks, history."""
