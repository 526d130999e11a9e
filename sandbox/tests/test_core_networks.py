"""Cloud WAN: an attachment of a VPC waits for its core network, is rejected before it goes, and has a label and tags."""

from tests.support import SandboxTest, client


class CoreNetworks(SandboxTest):
    def test_an_attachment_waits_until_it_is_accepted(self):
        wan = client("networkmanager", "us-west-2")
        vpc = self.ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
        subnet = self.ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.1.0/24")["Subnet"]["SubnetArn"]
        arn = f"arn:aws:ec2:eu-west-1:123456789012:vpc/{vpc}"
        asked = {"CoreNetworkId": "core-network-1", "VpcArn": arn, "SubnetArns": [subnet], "ClientToken": "a"}
        made = [wan.create_vpc_attachment(**asked)["VpcAttachment"]["Attachment"] for _ in range(2)]
        name = made[0]["AttachmentId"]
        self.assertEqual((name, made[0]["State"]), (made[1]["AttachmentId"], "PENDING_ATTACHMENT_ACCEPTANCE"))
        self.refused("ValidationException", wan.delete_attachment, AttachmentId=name)
        self.refused("ConflictException", wan.update_vpc_attachment, AttachmentId=name, Options={"Ipv6Support": True})
        self.assertEqual(wan.accept_attachment(AttachmentId=name)["Attachment"]["State"], "AVAILABLE")
        wan.update_vpc_attachment(AttachmentId=name, Options={"Ipv6Support": True})
        self.assertTrue(wan.get_vpc_attachment(AttachmentId=name)["VpcAttachment"]["Options"]["Ipv6Support"])
        call = wan.put_attachment_routing_policy_label
        call(CoreNetworkId="core-network-1", AttachmentId=name, RoutingPolicyLabel="red")
        found = wan.list_attachment_routing_policy_associations(CoreNetworkId="core-network-1")
        labels = [each["RoutingPolicyLabel"] for each in found["AttachmentRoutingPolicyAssociations"]]
        self.assertEqual(labels, ["red"])
        own = f"arn:aws:networkmanager::123456789012:attachment/{name}"
        wan.tag_resource(ResourceArn=own, Tags=[{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}])
        wan.untag_resource(ResourceArn=own, TagKeys=["a"])
        found = [each for each in wan.list_attachments()["Attachments"] if each["AttachmentId"] == name]
        self.assertEqual(found[0]["Tags"], [{"Key": "c", "Value": "d"}])
        wan.delete_attachment(AttachmentId=name)
        self.refused("ResourceNotFoundException", wan.get_vpc_attachment, AttachmentId=name)
