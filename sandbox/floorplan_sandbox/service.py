"""A service that moto does not have at all: made known to moto, with a backend that only keeps objects."""

import re
import sys
from types import ModuleType, SimpleNamespace

from moto import backend_index
from moto.core.base_backend import BackendDict, BaseBackend


def serve(name: str, response: type, paths: tuple[str, ...] = ("/",), host: str = "") -> BackendDict:
    """Gives calls to a service to the methods of `response`, which are called as its operations are, in small letters.

    `host` is the first part of its host names, where that differs from `name`.
    """
    base = rf"https?://{host or name}\.(.+)\.amazonaws\.com"
    urls = {f"{{0}}{path}": response.dispatch for path in paths}

    class Backend(BaseBackend):
        _url_module = SimpleNamespace(url_bases=[base], url_paths=urls)

        def __init__(self, region_name: str, account_id: str) -> None:
            super().__init__(region_name, account_id)
            self.kept: dict = {}

    # moto looks up the paths of a service in this region, also where the service is in another one alone.
    backends = BackendDict(Backend, host or name, additional_regions=["us-east-1"])
    module = ModuleType(f"moto.{name}")
    setattr(module, f"{name}_backends", backends)
    sys.modules[module.__name__] = module
    backend_index.backend_url_patterns.append((host or name, re.compile(base)))
    return backends
