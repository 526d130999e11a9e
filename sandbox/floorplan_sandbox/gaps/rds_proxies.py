"""Proxies of databases change, and endpoints of clusters, which moto does not offer. A proxy that is gone is an error."""

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBClusterNotFoundError, DBProxyNotFoundFault, RDSClientError
from moto.rds.models import DBProxyTarget, RDSBackend, RDSBaseModel
from moto.rds.responses import RDSResponse

from floorplan_sandbox.patch import adds, around

CHANGED = {
    "auth": "auth",
    "debug_logging": "debug_logging",
    "idle_client_timeout": "idle_client_timeout",
    "require_tls": "require_tls",
    "role_arn": "role_arn",
    "security_groups": "vpc_security_group_ids",
}

DBProxyTarget.target_health = property(lambda self: {"State": "AVAILABLE"})


def of_proxy(method: str) -> None:
    @around(RDSBackend, method)
    def checked(original, self, *args, **kwargs):
        name = kwargs.get("proxy_name") or kwargs.get("db_proxy_name") or args[0]
        if name not in self.db_proxies:
            raise DBProxyNotFoundFault(name)
        return original(self, *args, **kwargs)


for each in (
    "delete_db_proxy",
    "deregister_db_proxy_targets",
    "describe_db_proxy_target_groups",
    "describe_db_proxy_targets",
    "modify_db_proxy_target_group",
    "register_db_proxy_targets",
):
    of_proxy(each)


@adds(RDSResponse, "modify_db_proxy")
def modify_db_proxy(self):
    name = self.params["db_proxy_name"]
    if name not in self.backend.db_proxies:
        raise DBProxyNotFoundFault(name)
    proxy = self.backend.db_proxies[name]
    for parameter, field in CHANGED.items():
        if self.params.get(parameter) is not None:
            setattr(proxy, field, self.params[parameter])
    new = self.params.get("new_db_proxy_name")
    if new and new != name:
        proxy.db_proxy_name = new
        self.backend.db_proxies[new] = self.backend.db_proxies.pop(name)
    return ActionResult({"DBProxy": proxy})


class ClusterEndpoint(RDSBaseModel):
    """A name for some of the instances of a cluster."""

    resource_type = "cluster-endpoint"

    def __init__(self, backend, given) -> None:
        super().__init__(backend)
        self.db_cluster_endpoint_identifier = given["db_cluster_endpoint_identifier"]
        self.db_cluster_identifier = given["db_cluster_identifier"]
        self.endpoint_type = "CUSTOM"
        self.status = "available"
        self.tags = given.get("tags", [])
        self.change(given)

    def change(self, given) -> None:
        self.custom_endpoint_type = given.get("endpoint_type") or self.custom_endpoint_type
        self.static_members = given.get("static_members") or []
        self.excluded_members = given.get("excluded_members") or []

    @property
    def resource_id(self) -> str:
        return self.db_cluster_endpoint_identifier

    @property
    def db_cluster_endpoint_arn(self) -> str:
        return self.arn

    @property
    def endpoint(self) -> str:
        place = f"cluster-custom-floorplan.{self.region}.rds.amazonaws.com"
        return f"{self.db_cluster_endpoint_identifier}.{place}"


def endpoints(backend) -> dict[str, ClusterEndpoint]:
    return vars(backend).setdefault("_cluster_endpoints", {})


def own_endpoint(response) -> ClusterEndpoint:
    name = response.params["db_cluster_endpoint_identifier"]
    if name not in endpoints(response.backend):
        raise RDSClientError("DBClusterEndpointNotFoundFault", f"The endpoint {name} does not exist.")
    return endpoints(response.backend)[name]


@around(RDSBackend, "_get_resource_for_tagging")
def resource_for_tagging(original, self, arn):
    kind, _, name = arn.rpartition(":")
    if kind.endswith(":cluster-endpoint"):
        return endpoints(self).get(name)
    return original(self, arn)


@adds(RDSResponse, "create_db_cluster_endpoint")
def create_db_cluster_endpoint(self):
    given = self.params
    if given["db_cluster_identifier"] not in self.backend.clusters:
        raise DBClusterNotFoundError(given["db_cluster_identifier"])
    if given["db_cluster_endpoint_identifier"] in endpoints(self.backend):
        raise RDSClientError("DBClusterEndpointAlreadyExistsFault", "The endpoint exists already.")
    made = ClusterEndpoint(self.backend, given)
    endpoints(self.backend)[made.db_cluster_endpoint_identifier] = made
    return ActionResult(made)


@adds(RDSResponse, "describe_db_cluster_endpoints")
def describe_db_cluster_endpoints(self):
    return ActionResult({"DBClusterEndpoints": list(endpoints(self.backend).values())})


@adds(RDSResponse, "modify_db_cluster_endpoint")
def modify_db_cluster_endpoint(self):
    found = own_endpoint(self)
    found.change(self.params)
    return ActionResult(found)


@adds(RDSResponse, "delete_db_cluster_endpoint")
def delete_db_cluster_endpoint(self):
    gone = endpoints(self.backend).pop(own_endpoint(self).db_cluster_endpoint_identifier)
    return ActionResult(gone)
