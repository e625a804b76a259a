"""How pages are made of templates, and which way their lines run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ur"})


def templates(
    folder: Path, assets: Mapping[str, str], **names: object
) -> Callable[[str], Template]:
    """The templates of this folder by their names, each of which knows these names.

    What is inserted is escaped, and what is missing raises an error.
    """
    environment = Environment(
        loader=FileSystemLoader(folder / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    known = {"assets": assets, "direction": direction, **names}
    return lambda name: environment.get_template(name, globals=known)


def direction(language: str) -> str:
    """`rtl` or `ltr`: which way the lines of this language run."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"
