"""The weights of a ner: put on a frame with narrow vectors, averaged, blended, written."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from spacy.language import Language

Parameters = dict[tuple[int, str], Any]
"""Node of the ner's model and name of the parameter → array."""

META = {
    "name": "news",
    "version": "1.0.0",
    "description": "Names in English news: the ner of en_core_web_md, tuned on open text.",
    "author": "newsetl, after Explosion",
    "license": "MIT",
    "spacy_version": ">=3.8.5,<3.9.0",
    "sources": [
        {"name": "en_core_web_md 3.8.0", "license": "MIT", "author": "Explosion"},
        {"name": "en_core_web_sm 3.8.0", "license": "MIT", "author": "Explosion"},
        {"name": "CrossNER", "license": "MIT", "author": "Liu et al. 2021"},
        {"name": "Wikigold", "license": "CC BY 4.0", "author": "Balasuriya et al. 2009"},
    ],
}


def assemble(*, base: str, frame: str) -> "Language":
    """Return a pipeline with tokenizer and senter of `frame` and the ner of `base`.

    The ner multiplies each word vector with one matrix before it does anything else. That product
    is taken here, once, so that vectors of 300 numbers become vectors as wide as the ner, and what
    it finds stays the same.
    """
    import spacy
    from spacy.vectors import Vectors  # type: ignore[import-not-found]

    skipped = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"]
    given = spacy.load(base, exclude=[*skipped, "senter"])
    outer = spacy.load(frame, exclude=[*skipped, "ner"])
    nlp = spacy.blank("en")
    ours, theirs = cast("Any", nlp.tokenizer), cast("Any", outer.tokenizer)
    ours.from_bytes(theirs.to_bytes(exclude=["vocab"]), exclude=["vocab"])
    matrix = _static(given).get_param("W") if _static(given) else None
    if matrix is not None:
        wide = given.vocab.vectors
        narrow = wide.data @ matrix.T
        vectors = Vectors(strings=nlp.vocab.strings, data=narrow, name=str(META["name"]))
        for key, row in wide.key2row.items():
            vectors.add(key, row=row)
        nlp.vocab.vectors = vectors
    for name, source in (("senter", outer), ("ner", given)):
        _add(nlp, name, source)
    return nlp


def parameters(nlp: "Language") -> Parameters:
    """Return a copy of all parameters of the ner."""
    return {key: node.get_param(key[1]).copy() for key, node in _nodes(nlp)}


def blend(nlp: "Language", base: Parameters, tuned: Sequence[Parameters], *, share: float) -> None:
    """Set the ner to the mean of the tuned parameters, blended with the base's."""
    for key, node in _nodes(nlp):
        mean = sum(one[key] for one in tuned) / len(tuned)
        node.set_param(key[1], ((1 - share) * base[key] + share * mean).astype("float32"))


def write(nlp: "Language", out: Path) -> None:
    """Write the pipeline, its numbers rounded to half precision: they pack to half the bytes."""
    import numpy

    for key, node in _nodes(nlp):
        node.set_param(key[1], node.get_param(key[1]).astype("float16").astype("float32"))
    vectors = nlp.vocab.vectors
    if vectors.data.size:
        vectors.data = numpy.asarray(vectors.data).astype("float16").astype("float32")
    nlp.meta.update(META)
    nlp.to_disk(out)
    meta = json.loads((out / "meta.json").read_text("utf-8"))
    (out / "meta.json").write_text(json.dumps({**meta, **META}, indent=1) + "\n", "utf-8")


def _add(nlp: "Language", name: str, source: "Language") -> None:
    """Add a trained pipe of another pipeline, without that pipeline's words."""
    import numpy
    from spacy.training import Example

    settings = dict(source.config["components"][name])
    for key in ("factory", "moves"):
        settings.pop(key, None)
    pipe: Any = nlp.add_pipe(name, config=settings)
    trained: Any = source.get_pipe(name)
    example = Example.from_dict(
        nlp.make_doc("Ann met Bo. He left."), {"entities": [(0, 3, "PERSON")]}
    )
    labels = {"labels": trained.label_data} if name == "ner" else {}
    pipe.initialize(lambda: [example], nlp=nlp, **labels)
    if name == "ner":
        moves = trained.moves.to_bytes(exclude=["strings"])
        pipe.moves.from_bytes(moves, exclude=["strings"])
    for ours, theirs in zip(pipe.model.walk(), trained.model.walk(), strict=True):
        for key in theirs.param_names:
            if theirs.has_param(key):
                value = theirs.get_param(key).copy()
                if ours.name == "static_vectors":
                    value = numpy.eye(len(value), dtype="float32")
                ours.set_param(key, value)
    pipe.cfg.update(trained.cfg)


def _static(nlp: "Language") -> Any:
    ner: Any = nlp.get_pipe("ner")
    return next((node for node in ner.model.walk() if node.name == "static_vectors"), None)


def _nodes(nlp: "Language") -> list[tuple[tuple[int, str], Any]]:
    ner: Any = nlp.get_pipe("ner")
    return [
        ((index, name), node)
        for index, node in enumerate(ner.model.walk())
        for name in node.param_names
        if node.has_param(name)
    ]
