"""Machine images are loaded when somebody first asks for one.

moto makes 1,157 of them, with their snapshots, for every region that is touched: a third of a second each
time, and most tests never look at an image.
"""

import threading

from moto.ec2.models.amis import AmiBackend

from floorplan_sandbox.gaps import image_catalog

LOAD = AmiBackend._load_amis
LOCK = threading.RLock()


def amis(backend) -> dict:
    with LOCK:
        if not backend.__dict__.get("_amis_loaded"):
            backend._amis_loaded = True
            LOAD(backend)
            image_catalog.add(backend)
    return backend._amis


AmiBackend._load_amis = lambda self: None
AmiBackend.amis = property(amis, lambda self, value: setattr(self, "_amis", value))
