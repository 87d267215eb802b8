"""Importing: published reviews and whole exports, in batches of one write each. Face: ``import_stream.import_stream``.

Planning needs no store (``planner``, ``deletions``); ``reviews`` and ``restore`` look up what is stored and write.
"""
