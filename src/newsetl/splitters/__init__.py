"""Split: the text of a document into its articles. One module per layout.

A splitter has `LAYOUTS`, `split(document) -> list[Article]` and, for `newsetl split --explain`,
`explain(document) -> list[Verdict]`.
"""
