"""The version of the distribution; ``service`` reads it too."""

__version__ = "0.1.0"
