"""Weights of published encoders."""


def download(name: str) -> str:
    """Placeholder."""
    raise NotImplementedError(name)
