"""Claims, their sources, and how many independent origins stand behind each of them."""

__version__ = "0.1.0"
