"""Functions keep all of their configuration, also what a change of it takes away; their interfaces have a VPC."""

from moto.awslambda.models import EventSourceMapping, LambdaFunction
from moto.ec2.models import ec2_backends

from floorplan_sandbox.patch import around

# What moto does not keep.
KEPT = (
    "CapacityProviderConfig",
    "DeadLetterConfig",
    "DurableConfig",
    "FileSystemConfigs",
    "KMSKeyArn",
    "TenancyConfig",
)


def keep(function: LambdaFunction, given: dict) -> None:
    kept = function.__dict__.setdefault("kept", {})
    kept.update({name: given[name] for name in KEPT if name in given})
    logging = {**kept.get("LoggingConfig", {}), **(given.get("LoggingConfig") or {})}
    logging.setdefault("LogFormat", "Text")
    logging.setdefault("LogGroup", f"/aws/lambda/{function.function_name}")
    kept["LoggingConfig"] = logging


@around(LambdaFunction, "__init__")
def __init__(original, self, account_id, spec, region, version=1):
    original(self, account_id, spec, region, version)
    keep(self, spec)
    snap = spec.get("SnapStart") or {"ApplyOn": "None"}
    self.kept["SnapStart"] = snap


@around(LambdaFunction, "update_configuration")
def update_configuration(original, self, updates):
    updates = dict(updates)
    if "Environment" in updates:
        updates["Environment"] = {"Variables": updates["Environment"].get("Variables", {})}
    original(self, updates)
    keep(self, updates)
    if "TracingConfig" in updates:
        self.tracing_config = updates["TracingConfig"]
    if "EphemeralStorage" in updates:
        self.ephemeral_storage = updates["EphemeralStorage"]["Size"]
    if "SnapStart" in updates:
        self.kept["SnapStart"] = updates["SnapStart"]
    if "ImageConfig" in updates:
        self.image_config.__init__(updates["ImageConfig"])
    return self.get_configuration()


@around(LambdaFunction, "update_function_code")
def update_function_code(original, self, spec):
    if spec.get("Architectures"):
        self.architectures = spec["Architectures"]
    return original(self, spec)


@around(LambdaFunction, "get_configuration")
def get_configuration(original, self, on_create=False):
    found = original(self, on_create)
    kept = self.__dict__.get("kept", {})
    found.update({name: value for name, value in kept.items() if value and name != "SnapStart"})
    if not (kept.get("DeadLetterConfig") or {}).get("TargetArn"):
        found.pop("DeadLetterConfig", None)
    on = kept.get("SnapStart", {}).get("ApplyOn", "None")
    found["SnapStart"] = {"ApplyOn": on, "OptimizationStatus": "Off" if self.version == "$LATEST" else "On"}
    return found


def vpc_config(self):
    if not self._vpc_config:
        return None
    config = {"Ipv6AllowedForDualStack": False, **self._vpc_config}
    subnets = config.get("SubnetIds") or []
    if subnets:
        config["VpcId"] = ec2_backends[self.account_id][self.region].get_subnet(subnets[0]).vpc_id
    return config


LambdaFunction.vpc_config = property(vpc_config)


@around(EventSourceMapping, "get_configuration")
def mapping(original, self):
    found = original(self)
    for name in ("FilterCriteria", "DestinationConfig", "ScalingConfig", "MetricsConfig", "ProvisionedPollerConfig"):
        if found.get(name) == {}:
            del found[name]
    return found
