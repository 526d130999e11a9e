"""Images that layouts look for by name: Ubuntu, Debian, Red Hat, Windows and the first Amazon Linux.

moto has those of the newer Amazon Linux; of the others none, or some of 2017. Each is there in two builds.
"""

import hashlib
from datetime import datetime, timedelta

from moto.ec2.models.amis import Ami

CANONICAL, DEBIAN, RED_HAT, WINDOWS, AMAZON = (
    "099720109477",
    "136693071363",
    "309956199498",
    "801119661308",
    "137112412989",
)
BUILT = datetime(2026, 3, 5)
BOTH = {"amd64": "x86_64", "arm64": "arm64"}


def rows():
    """Owner, name with a place for the date of the build, architecture, root device."""
    for version in ("bionic-18.04", "focal-20.04", "jammy-22.04", "noble-24.04"):
        folder = "hvm-ssd-gp3" if version.startswith("noble") else "hvm-ssd"
        for short, architecture in BOTH.items():
            yield CANONICAL, f"ubuntu/images/{folder}/ubuntu-{version}-{short}-server-%Y%m%d", architecture, "/dev/sda1"
            minimal = f"ubuntu-minimal/images/{folder}/ubuntu-{version}-{short}-minimal-%Y%m%d"
            yield CANONICAL, minimal, architecture, "/dev/sda1"
    for version in ("11", "12", "13"):
        for short, architecture in BOTH.items():
            yield DEBIAN, f"debian-{version}-{short}-%Y%m%d-2053", architecture, "/dev/xvda"
    for version in ("8.10.0", "9.5.0", "10.0.0"):
        for architecture in BOTH.values():
            yield RED_HAT, f"RHEL-{version}_HVM-%Y%m%d-{architecture}-0-Hourly2-GP3", architecture, "/dev/sda1"
    for version in ("2016", "2019", "2022", "2025"):
        for kind in ("Full", "Core"):
            yield WINDOWS, f"Windows_Server-{version}-English-{kind}-Base-%Y.%m.%d", "x86_64", "/dev/sda1"
    yield AMAZON, "amzn-ami-hvm-2018.03.0.%Y%m%d.0-x86_64-gp2", "x86_64", "/dev/xvda"


def add(backend) -> None:
    """Puts the images into a region; the ids are the same at every start."""
    for owner, pattern, architecture, device in rows():
        for age in (0, 28):
            built = BUILT - timedelta(days=age)
            name = built.strftime(pattern)
            digest = hashlib.sha256(f"{backend.region_name} {name}".encode()).hexdigest()
            image = Ami(
                backend,
                f"ami-0{digest[:16]}",
                name=name,
                description=name,
                owner_id=owner,
                owner_alias="amazon" if owner in (WINDOWS, AMAZON) else None,
                public=True,
                virtualization_type="hvm",
                architecture=architecture,
                creation_date=built,
                platform="windows" if owner == WINDOWS else None,
                image_location=f"{owner}/{name}",
                hypervisor="xen",
                root_device_type="ebs",
                root_device_name=device,
            )
            backend._amis[image.id] = image
