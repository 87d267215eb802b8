"""Full-text search: tokenizer, query parser, bm25, highlighting. Pure."""
