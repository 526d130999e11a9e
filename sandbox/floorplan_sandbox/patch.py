"""How a gap changes moto: functions replaced by name, loudly if the name is gone.

moto's private names may change with a version; a missing one stops the start instead of leaving a gap open.
"""

import functools
from collections.abc import Callable


def around(owner: type, name: str) -> Callable:
    """Decorator: the function receives the original first, then the call's arguments."""
    original = getattr(owner, name)

    def install(replacement: Callable) -> Callable:
        @functools.wraps(original)
        def wrapper(*args, **kwargs):
            return replacement(original, *args, **kwargs)

        setattr(owner, name, wrapper)
        return replacement

    return install


def instead(owner: type, name: str) -> Callable:
    """Decorator: the function takes the place of the method of that name."""
    original = getattr(owner, name)

    def install(replacement: Callable) -> Callable:
        setattr(owner, name, functools.wraps(original)(replacement))
        return replacement

    return install


def adds(owner: type, name: str) -> Callable:
    """Decorator: the function becomes a method that moto lacks."""
    if hasattr(owner, name):
        raise AttributeError(f"{owner.__name__}.{name} exists in this version of moto")

    def install(addition: Callable) -> Callable:
        setattr(owner, name, addition)
        return addition

    return install
