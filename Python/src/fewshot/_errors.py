"""Errors of feature files and arrays, in the wording of the command-line tools."""


class FeatureFileError(ValueError):
    """A feature file that is damaged, or a file that is not a feature file.

    The message is one sentence: the file, what was found, what was expected, and what to do.
    """


def sentence(subject: str, found: str, expected: str, remedy: str) -> str:
    """Return the one sentence of an error.

    >>> sentence("y.npy", "label 9 in row 5", "0 to 2", "correct the labels")
    'y.npy: found label 9 in row 5, expected 0 to 2; correct the labels.'
    """
    return f"{subject}: found {found}, expected {expected}; {remedy}."


def damaged(path: str, found: str) -> FeatureFileError:
    """Return the error of a file whose bytes have changed since it was sealed."""
    return FeatureFileError(sentence(path, found, "an undamaged feature file", "build or copy the file again"))


def invalid(path: str, found: str) -> FeatureFileError:
    """Return the error of an undamaged file that is not a valid feature file."""
    return FeatureFileError(sentence(path, found, "the layout of a feature file", "build the file again"))


def missing_extra(package: str, extra: str, purpose: str) -> ImportError:
    """Return the error of an optional package that is not installed.

    >>> print(missing_extra("pandas", "pandas", "a table of items"))
    found no pandas, which a table of items needs; install it with "pip install 'fewshot[pandas]'".
    """
    return ImportError(
        f"found no {package}, which {purpose} needs; install it with \"pip install 'fewshot[{extra}]'\".", name=package
    )
