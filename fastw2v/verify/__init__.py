"""Checks that every engine computes what the reference computes."""
