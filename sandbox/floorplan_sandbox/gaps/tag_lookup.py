"""Tags of one resource are looked up by its id.

moto scans all tags of the account for each resource it describes, so describing n resources costs n squared.
"""

from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from floorplan_sandbox.patch import instead


@instead(TaggedEC2Resource, "get_tags")
def get_tags(self):
    own = self.ec2_backend.tags.get(self.id) if self.id else None
    if not own:
        return []
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(self.id), "")
    return [
        {"resource_id": self.id, "key": key, "value": value, "resource_type": kind}
        for key, value in list(own.items())
    ]
