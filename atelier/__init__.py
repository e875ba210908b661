"""A facilitation server for group workshops: notes without a name, revealed together."""

__version__ = "0.1.0"
