"""Everything public is typed and documented, and the examples of the README are true."""

import doctest
import inspect
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import fewshot
from conftest import ROOT


def public_things() -> Iterator[tuple[str, Any]]:
    """Yields everything that the package exports, and the public members of its classes."""
    for name in fewshot.__all__:
        thing = getattr(fewshot, name)
        if not callable(thing):
            continue
        yield name, thing
        for kind in thing.__mro__ if inspect.isclass(thing) else ():
            if kind.__module__.startswith("fewshot"):
                yield from ((f"{name}.{member}", value) for member, value in vars(kind).items() if is_ours(member))


def is_ours(member: str) -> bool:
    return not member.startswith("_") or member in ("__init__", "__call__", "__getitem__", "__len__", "__iter__")


def function_of(thing: Any) -> Any:
    if isinstance(thing, property):
        return thing.fget
    if isinstance(thing, cached_property):
        return thing.func
    return thing.__func__ if isinstance(thing, classmethod | staticmethod) else thing


THINGS = dict(public_things())


@pytest.mark.parametrize("name", THINGS)
def test_everything_public_is_documented_and_typed(name: str) -> None:
    function = function_of(THINGS[name])
    if not callable(function):
        return
    if inspect.isclass(function):
        assert function.__doc__
        return
    assert name.endswith("__init__") or function.__doc__
    hints = function.__annotations__
    parameters = [parameter for parameter in inspect.signature(function).parameters if parameter not in ("self", "cls")]
    assert [parameter for parameter in (*parameters, "return") if parameter not in hints] == []


def test_the_annotations_of_functions_name_existing_types() -> None:
    assert get_type_hints(fewshot.open)["return"] is fewshot.FeatureFolder
    assert get_type_hints(fewshot.save)["return"] is fewshot.FeatureFolder


def test_all_names_of_the_package_are_listed_and_others_are_not_found() -> None:
    assert set(fewshot.__all__) <= set(dir(fewshot))
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        getattr(fewshot, "missing")  # noqa: B009


def test_the_examples_of_the_readme_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    results = doctest.testfile(
        str(ROOT / "Python/README.md"),
        module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert results.attempted > 5
    assert results.failed == 0
