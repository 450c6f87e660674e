"""spaCy's pipes as newsetl runs them: the same results in less time, and a parser on demand."""
