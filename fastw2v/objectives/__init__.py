"""Objectives: loss, derivative and step."""
