"""What must not grow with the account."""

import importlib
import types
import unittest


class TagLookup(unittest.TestCase):
    def test_the_tags_of_a_resource_are_found_without_listing_all(self):
        from moto.ec2.models.core import TaggedEC2Resource

        importlib.import_module("floorplan_sandbox.gaps.tag_lookup")
        resource = TaggedEC2Resource()
        resource.id = "subnet-1"
        # The backend has no way to list all tags.
        resource.ec2_backend = types.SimpleNamespace(tags={"subnet-1": {"a": "b"}, "subnet-2": {"c": "d"}})
        expected = {"resource_id": "subnet-1", "key": "a", "value": "b", "resource_type": "subnet"}
        self.assertEqual([expected], resource.get_tags())
