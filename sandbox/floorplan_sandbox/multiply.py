"""Many networks from one: copies of a VPC with all that is in it, under other ids.

For worlds whose making, call by call, would take longer than what is measured in them.
"""

import io
import pickle
import re

from moto.ec2 import ec2_backends
from moto.moto_api._internal import mock_random

ID = re.compile(rb"(?<![0-9a-z-])((?:[a-z]+-)+)([0-9a-f]{17})(?![0-9a-z])")


class Keeping(pickle.Pickler):
    """Leaves the backend out, which is the same for all copies."""

    def __init__(self, file, backend) -> None:
        super().__init__(file)
        self.backend = backend

    def persistent_id(self, thing: object) -> str | None:
        return "backend" if thing is self.backend else None


class Restoring(pickle.Unpickler):
    def __init__(self, file, backend) -> None:
        super().__init__(file)
        self.backend = backend

    def persistent_load(self, name: str) -> object:
        return self.backend


def packed(thing: object, backend) -> bytes:
    file = io.BytesIO()
    Keeping(file, backend).dump(thing)
    return file.getvalue()


def entries(place: dict, path: tuple, wanted: set[str], backend):
    """The entries of a dictionary of the backend, and of those in it, that are about one of these ids."""
    for key, value in list(place.items()):
        if isinstance(value, dict) and key not in wanted and not ID.fullmatch(str(key).encode()):
            yield from entries(value, (*path, key), wanted, backend)
        elif key in wanted or any(name.encode() in packed(value, backend) for name in wanted):
            yield (*path, key), value


def multiply(vpc: str, count: int, account: str, region: str) -> list[dict[str, str]]:
    """Makes so many copies of a VPC; for each, the new ids by the old ones."""
    backend = ec2_backends[account][region]
    kept = {name: value for name, value in vars(backend).items() if isinstance(value, dict)}
    places = {name: value for name, value in kept.items() if name != "tags"}
    found = [entry for name, place in places.items() for entry in entries(place, (name,), {vpc}, backend)]
    # Parts of parts name the VPC no more, but what is in it.
    inside = {match.group(0).decode() for match in ID.finditer(packed(found, backend))}
    owned = {path[-1] for path, _ in found} & inside | {vpc}
    paths = {path for path, _ in found}
    for name, place in places.items():
        more = entries(place, (name,), owned, backend)
        found.extend((path, value) for path, value in more if path not in paths)
    inside |= {match.group(0).decode() for match in ID.finditer(packed(found, backend))}
    tags = {name: dict(backend.tags[name]) for name in inside if name in backend.tags}
    shared = {name for name in inside if name.startswith("dopt-")}
    template = packed((found, tags), backend)
    all_names = []
    for _ in range(count):
        names = {name: name[:-17] + mock_random.get_random_hex(17) for name in inside - shared}

        def renamed(match: re.Match, names: dict = names) -> bytes:
            old = match.group(0).decode()
            return names.get(old, old).encode()

        copied, its_tags = Restoring(io.BytesIO(ID.sub(renamed, template)), backend).load()
        for path, value in copied:
            place = vars(backend)
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
        backend.tags.update(its_tags)
        all_names.append(names)
    return all_names
