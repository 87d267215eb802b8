"""Full-text search: tokenizer, query parser, BM25F, highlighting; below it the matching kernel. Pure."""
