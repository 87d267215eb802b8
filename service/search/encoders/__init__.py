"""Sentence vectors, from a model that the operator provides (extras ``semantic`` and ``semantic-onnx``)."""

from service.search.encoders.encoder import Encoder
from service.search.encoders.loading import load_encoder

__all__ = ["Encoder", "load_encoder"]
