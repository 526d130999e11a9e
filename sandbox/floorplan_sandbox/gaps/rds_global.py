"""Global clusters have tags and change, begin with a cluster of any region, and let their clusters go.

moto looks for all clusters where it keeps the global ones, forgets tags, the name of the database and the
support that was ordered, and deletes what is protected.
"""

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBClusterNotFoundError, RDSClientError
from moto.rds.models import GlobalCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from floorplan_sandbox.gaps.rds_versions import resolve, upgrade
from floorplan_sandbox.patch import adds, around, instead

USUAL_SUPPORT = "open-source-rds-extended-support"


def own(response) -> GlobalCluster:
    name = response.params["global_cluster_identifier"]
    if name not in response.global_backend.global_clusters:
        raise RDSClientError("GlobalClusterNotFoundFault", f"Global cluster {name} not found.")
    return response.global_backend.global_clusters[name]


@around(RDSBackend, "_get_resource_for_tagging")
def resource_for_tagging(original, self, arn):
    if ":global-cluster:" in arn:
        return rds_backends[self.account_id]["us-east-1"].global_clusters.get(arn.rpartition(":")[2])
    return original(self, arn)


def cluster_of(account: str, arn: str):
    backend = rds_backends[account][arn.split(":")[3]]
    for cluster in backend.clusters.values():
        if cluster.db_cluster_arn == arn:
            return cluster
    raise DBClusterNotFoundError(arn)


@instead(RDSResponse, "create_global_cluster")
def create_global_cluster(self):
    given, backend = self.params, self.global_backend
    name, begins_with = given["global_cluster_identifier"], given.get("source_db_cluster_identifier")
    if name in backend.global_clusters:
        raise RDSClientError("GlobalClusterAlreadyExistsFault", f"Global cluster {name} already exists.")
    first = cluster_of(self.current_account, begins_with) if begins_with else None
    if bool(first) == bool(given.get("engine")):
        raise RDSClientError("InvalidParameterCombination", "Name an engine or a cluster to begin with.")
    engine = first.engine if first else given["engine"]
    made = GlobalCluster(
        backend=backend,
        global_cluster_identifier=name,
        engine=engine,
        engine_version=first.engine_version if first else resolve(engine, given.get("engine_version")),
        storage_encrypted=first.storage_encrypted if first else given.get("storage_encrypted"),
        deletion_protection=given.get("deletion_protection"),
    )
    made.database_name = first.database_name if first else given.get("database_name")
    made.engine_lifecycle_support = given.get("engine_lifecycle_support") or USUAL_SUPPORT
    made.tags = given.get("tags") or []
    backend.global_clusters[name] = made
    if first:
        first.global_cluster_identifier = name
        first.is_writer = True
        made.members.append(first)
    return ActionResult({"GlobalCluster": made})


@adds(RDSResponse, "modify_global_cluster")
def modify_global_cluster(self):
    found = own(self)
    if self.params.get("deletion_protection") is not None:
        found.deletion_protection = self.params["deletion_protection"]
    if self.params.get("engine_version"):
        allowed, wanted = bool(self.params.get("allow_major_version_upgrade")), self.params["engine_version"]
        found.engine_version = upgrade(found.engine, found.engine_version, wanted, allowed)
        for member in found.members:
            member.engine_version = found.engine_version
    return ActionResult({"GlobalCluster": found})


@around(RDSBackend, "modify_db_cluster")
def modify_db_cluster(original, self, kwargs: dict):
    cluster = original(self, kwargs)
    all_of_them = rds_backends[self.account_id]["us-east-1"].global_clusters
    of = all_of_them.get(cluster.global_cluster_identifier or "")
    if of is not None:
        of.engine_version = cluster.engine_version
    return cluster


@around(RDSResponse, "delete_global_cluster")
def delete_global_cluster(original, self):
    if own(self).deletion_protection:
        raise RDSClientError("InvalidParameterCombination", "Cannot delete a protected global cluster.")
    return original(self)


@instead(RDSResponse, "remove_from_global_cluster")
def remove_from_global_cluster(self):
    found = own(self)
    cluster = cluster_of(self.current_account, self.params["db_cluster_identifier"])
    if cluster not in found.members:
        raise DBClusterNotFoundError(cluster.db_cluster_identifier)
    found.members.remove(cluster)
    cluster.global_cluster_identifier = None
    return ActionResult({"GlobalCluster": found})
