"""Global Accelerator: one token makes one object, what is used stays, and only an accelerator that is off goes."""

from tests.support import SandboxTest, client, control


class Accelerators(SandboxTest):
    def test_an_accelerator_goes_once_it_is_off_and_empty(self):
        ga = client("globalaccelerator", "us-west-2")
        made = [ga.create_accelerator(Name="one", IdempotencyToken="a")["Accelerator"] for _ in range(2)]
        self.assertEqual(made[0]["AcceleratorArn"], made[1]["AcceleratorArn"])
        arn = made[0]["AcceleratorArn"]
        ports = [{"FromPort": 443, "ToPort": 443}]
        listener = {"AcceleratorArn": arn, "PortRanges": ports, "Protocol": "TCP", "IdempotencyToken": "b"}
        listener = ga.create_listener(**listener)["Listener"]["ListenerArn"]
        self.assertTrue(listener.startswith(f"{arn}/listener/"))
        group = {"ListenerArn": listener, "EndpointGroupRegion": "eu-west-1"}
        made = ga.create_endpoint_group(**group, IdempotencyToken="c")["EndpointGroup"]
        self.assertEqual((made["HealthCheckPort"], made["TrafficDialPercentage"]), (443, 100.0))
        call = ga.create_endpoint_group
        self.refused("EndpointGroupAlreadyExistsException", call, **group, IdempotencyToken="d")
        self.refused("AssociatedEndpointGroupFoundException", ga.delete_listener, ListenerArn=listener)
        self.refused("AcceleratorNotDisabledException", ga.delete_accelerator, AcceleratorArn=arn)
        ga.delete_endpoint_group(EndpointGroupArn=made["EndpointGroupArn"])
        ga.update_accelerator(AcceleratorArn=arn, Enabled=False)
        self.refused("AssociatedListenerFoundException", ga.delete_accelerator, AcceleratorArn=arn)
        control("POST", "delays", {"accelerator": 30})
        ga.delete_listener(ListenerArn=listener)
        self.assertEqual(ga.describe_accelerator(AcceleratorArn=arn)["Accelerator"]["Status"], "IN_PROGRESS")
        self.refused("TransactionInProgressException", ga.delete_accelerator, AcceleratorArn=arn)
        control("POST", "delays", {"accelerator": 0})
        ga.update_accelerator(AcceleratorArn=arn, Enabled=False)
        ga.delete_accelerator(AcceleratorArn=arn)
        self.refused("AcceleratorNotFoundException", ga.describe_accelerator, AcceleratorArn=arn)
