"""Chunks: what stands between two spaces of a text, taken apart into tokens once.

spaCy's tokenizer keeps what it made of a chunk, but of no more than 10,000, and of none that comes
behind the first contraction or abbreviation of its text. So a fifth of all chunks go through its
regular expressions again and again. Here each new chunk is shown to it by itself first, and then
stays known. The tokens are those that it makes of the whole text.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc

MOST_CHUNKS = 2**16
"""Chunks that stay known, the first ones met; 20 MB."""

LONGEST_CHUNK = 40
"""Longer ones are addresses and the like, which seldom come again."""


class ChunkTokenizer:
    """A tokenizer of spaCy that has met each chunk of a text before it meets the text."""

    def __init__(self, tokenizer: Any) -> None:
        tokenizer.max_cache_size = max(tokenizer.max_cache_size, MOST_CHUNKS)
        self._tokenizer = tokenizer
        self._met: set[str] = set()

    def __call__(self, text: str) -> "Doc":
        if len(self._met) < MOST_CHUNKS:
            for chunk in dict.fromkeys(text.split()):
                if chunk not in self._met and len(chunk) <= LONGEST_CHUNK:
                    self._met.add(chunk)
                    self._tokenizer(chunk)
        doc: Doc = self._tokenizer(text)
        return doc

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tokenizer, name)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process meets chunks anew."""
        return ChunkTokenizer, (self._tokenizer,)
