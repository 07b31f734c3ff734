"""Checks of what was seen while a model trained: its loss, its optimiser, its parameters and its batches."""
