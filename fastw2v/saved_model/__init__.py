"""The model directory and its files."""
