"""One module per difference between moto and AWS; importing a module closes it."""

import importlib
import pkgutil


def close() -> None:
    """Closes every gap. Called once, before the server answers."""
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}")
