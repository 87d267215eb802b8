"""The Google Fact Check Tools API, v1alpha1: its paths, parameters, shapes and errors, over the store."""

PREFIX = "/v1alpha1"
