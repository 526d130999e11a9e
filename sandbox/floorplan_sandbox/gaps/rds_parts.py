"""Proxies have further endpoints, clusters are recorded, backups copied, shard groups change and go.

moto has none of this, and cannot delete a shard group.
"""

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBInstanceNotFoundError,
    DBProxyNotFoundFault,
    DBShardGroupNotFoundFault,
    RDSClientError,
)
from moto.rds.models import DBCluster, RDSBackend, RDSBaseModel, rds_backends
from moto.rds.responses import RDSResponse

from floorplan_sandbox.patch import adds, around

PROXY_ENDPOINT = ":db-proxy-endpoint:"


def kept(backend: RDSBackend, name: str) -> dict:
    return vars(backend).setdefault(name, {})


@around(RDSBackend, "_get_resource_for_tagging")
def resource_for_tagging(original, self, arn):
    name = arn.rpartition(":")[2]
    if PROXY_ENDPOINT in arn:
        return kept(self, "_proxy_endpoints").get(name)
    if ":shard-group:" in arn:
        return self.shard_groups.get(name)
    return original(self, arn)


class ProxyEndpoint(RDSBaseModel):
    """A further address of a proxy."""

    resource_type = "db-proxy-endpoint"

    def __init__(self, backend, proxy, given) -> None:
        super().__init__(backend)
        self.db_proxy_endpoint_name = given["db_proxy_endpoint_name"]
        self.db_proxy_name = proxy.db_proxy_name
        self.vpc_id = proxy.vpc_id
        self.vpc_subnet_ids = given["vpc_subnet_ids"]
        self.vpc_security_group_ids = given.get("vpc_security_group_ids") or proxy.vpc_security_group_ids
        self.target_role = given.get("target_role") or "READ_WRITE"
        self.status = "available"
        self.is_default = False
        self.created_date = utcnow()
        self.tags = given.get("tags") or []

    @property
    def resource_id(self) -> str:
        return self.db_proxy_endpoint_name

    @property
    def db_proxy_endpoint_arn(self) -> str:
        return self.arn

    @property
    def endpoint(self) -> str:
        return f"{self.db_proxy_endpoint_name}.endpoint.proxy-floorplan.{self.region}.rds.amazonaws.com"


def own_endpoint(response) -> ProxyEndpoint:
    name = response.params["db_proxy_endpoint_name"]
    if name not in kept(response.backend, "_proxy_endpoints"):
        raise RDSClientError("DBProxyEndpointNotFoundFault", f"The endpoint {name} does not exist.")
    return kept(response.backend, "_proxy_endpoints")[name]


@adds(RDSResponse, "create_db_proxy_endpoint")
def create_db_proxy_endpoint(self):
    given, held = self.params, kept(self.backend, "_proxy_endpoints")
    if given["db_proxy_name"] not in self.backend.db_proxies:
        raise DBProxyNotFoundFault(given["db_proxy_name"])
    if given["db_proxy_endpoint_name"] in held:
        raise RDSClientError("DBProxyEndpointAlreadyExistsFault", "The endpoint exists already.")
    made = ProxyEndpoint(self.backend, self.backend.db_proxies[given["db_proxy_name"]], given)
    held[made.db_proxy_endpoint_name] = made
    return ActionResult({"DBProxyEndpoint": made})


@adds(RDSResponse, "describe_db_proxy_endpoints")
def describe_db_proxy_endpoints(self):
    proxy, name = self.params.get("db_proxy_name"), self.params.get("db_proxy_endpoint_name")
    if proxy and proxy not in self.backend.db_proxies:
        raise DBProxyNotFoundFault(proxy)
    all_endpoints = kept(self.backend, "_proxy_endpoints").values()
    found = [each for each in all_endpoints if proxy in (None, each.db_proxy_name)]
    found = [each for each in found if name in (None, each.db_proxy_endpoint_name)]
    return ActionResult({"DBProxyEndpoints": found})


@adds(RDSResponse, "modify_db_proxy_endpoint")
def modify_db_proxy_endpoint(self):
    found = own_endpoint(self)
    found.vpc_security_group_ids = self.params.get("vpc_security_group_ids") or found.vpc_security_group_ids
    return ActionResult({"DBProxyEndpoint": found})


@adds(RDSResponse, "delete_db_proxy_endpoint")
def delete_db_proxy_endpoint(self):
    gone = kept(self.backend, "_proxy_endpoints").pop(own_endpoint(self).db_proxy_endpoint_name)
    return ActionResult({"DBProxyEndpoint": gone})


@around(RDSBackend, "delete_db_proxy")
def delete_db_proxy(original, self, *args, **kwargs):
    answer = original(self, *args, **kwargs)
    held = kept(self, "_proxy_endpoints")
    for name in [name for name, each in held.items() if each.db_proxy_name not in self.db_proxies]:
        del held[name]
    return answer


for attribute in ("status", "mode", "kms_key_id", "kinesis_stream_name"):
    setattr(DBCluster, f"activity_stream_{attribute}", None)


def own_cluster(response) -> DBCluster:
    arn = response.params["resource_arn"]
    for cluster in response.backend.clusters.values():
        if cluster.db_cluster_arn == arn:
            return cluster
    raise DBClusterNotFoundError(arn)


@adds(RDSResponse, "start_activity_stream")
def start_activity_stream(self):
    cluster = own_cluster(self)
    if cluster.activity_stream_status:
        raise RDSClientError("InvalidDBClusterStateFault", "The activity stream is started already.")
    key = self.params["kms_key_id"]
    if not key.startswith("arn:"):
        key = f"arn:aws:kms:{cluster.region}:{cluster.account_id}:key/{key}"
    cluster.activity_stream_status = "started"
    cluster.activity_stream_mode = self.params["mode"]
    cluster.activity_stream_kms_key_id = key
    cluster.activity_stream_kinesis_stream_name = f"aws-rds-das-{cluster.db_cluster_resource_id}"
    return ActionResult({"Status": "starting", "Mode": cluster.activity_stream_mode, "KmsKeyId": key})


@adds(RDSResponse, "stop_activity_stream")
def stop_activity_stream(self):
    cluster = own_cluster(self)
    if not cluster.activity_stream_status:
        raise RDSClientError("InvalidDBClusterStateFault", "The activity stream is not started.")
    for attribute in ("status", "mode", "kms_key_id", "kinesis_stream_name"):
        setattr(cluster, f"activity_stream_{attribute}", None)
    return ActionResult({"Status": "stopping"})


def source(account: str, arn: str):
    backend = rds_backends[account][arn.split(":")[3]]
    for database in backend.databases.values():
        if database.db_instance_arn == arn:
            return database
    raise DBInstanceNotFoundError(arn)


@adds(RDSResponse, "start_db_instance_automated_backups_replication")
def start_replication(self):
    arn = self.params["source_db_instance_arn"]
    database, held = source(self.current_account, arn), kept(self.backend, "_copied_backups")
    if arn.split(":")[3] == self.region:
        raise RDSClientError("InvalidParameterValue", "The backups are copied into another region only.")
    if arn in held:
        raise RDSClientError("DBInstanceAutomatedBackupAlreadyExists", "The backups are copied already.")
    days = self.params.get("backup_retention_period") or 7
    name = f"ab-{len(held)}{database.dbi_resource_id.removeprefix('db-').lower()}"
    own = f"arn:aws:rds:{self.region}:{self.current_account}:auto-backup:{name}"
    held[arn] = {
        "DBInstanceArn": arn,
        "DbiResourceId": database.dbi_resource_id,
        "Region": arn.split(":")[3],
        "DBInstanceIdentifier": database.db_instance_identifier,
        "Status": "replicating",
        "Engine": database.engine,
        "KmsKeyId": self.params.get("kms_key_id"),
        "BackupRetentionPeriod": days,
        "DBInstanceAutomatedBackupsArn": own,
    }
    return ActionResult({"DBInstanceAutomatedBackup": held[arn]})


@adds(RDSResponse, "stop_db_instance_automated_backups_replication")
def stop_replication(self):
    gone = kept(self.backend, "_copied_backups").pop(self.params["source_db_instance_arn"], None)
    if gone is None:
        raise RDSClientError("DBInstanceAutomatedBackupNotFound", "The backups are not copied here.")
    return ActionResult({"DBInstanceAutomatedBackup": gone})


@around(RDSBackend, "describe_db_instance_automated_backups")
def describe_backups(original, self, *args, **kwargs):
    return [*original(self, *args, **kwargs), *kept(self, "_copied_backups").values()]


def own_shards(response):
    name = response.params["db_shard_group_identifier"]
    if name not in response.backend.shard_groups:
        raise DBShardGroupNotFoundFault(name)
    return response.backend.shard_groups[name]


@around(RDSBackend, "create_db_shard_group")
def create_db_shard_group(original, self, kwargs):
    made = original(self, kwargs)
    made.compute_redundancy = made.compute_redundancy or 0
    made.min_acu = made.min_acu or 16.0
    made.publicly_accessible = bool(made.publicly_accessible)
    return made


@adds(RDSResponse, "modify_db_shard_group")
def modify_db_shard_group(self):
    found = own_shards(self)
    for name in ("max_acu", "min_acu", "compute_redundancy"):
        if self.params.get(name) is not None:
            setattr(found, name, self.params[name])
    return ActionResult(found)


@adds(RDSResponse, "delete_db_shard_group")
def delete_db_shard_group(self):
    return ActionResult(self.backend.shard_groups.pop(own_shards(self).db_shard_group_identifier))


CERTIFICATES = {"rds-ca-rsa2048-g1": 2061, "rds-ca-rsa4096-g1": 2121, "rds-ca-ecc384-g1": 2121}
DEFAULT_CERTIFICATE = "rds-ca-rsa2048-g1"


@adds(RDSResponse, "describe_certificates")
def describe_certificates(self):
    wanted = self.params.get("certificate_identifier")
    if wanted and wanted not in CERTIFICATES:
        raise RDSClientError("CertificateNotFound", f"Certificate {wanted} not found.")
    found = [
        {
            "CertificateIdentifier": name,
            "CertificateType": "CA",
            "CertificateArn": f"arn:aws:rds:{self.region}::cert:{name}",
            "Thumbprint": f"{year:040x}",
            "ValidFrom": "2021-05-21T22:34:57Z",
            "ValidTill": f"{year}-05-21T23:34:57Z",
            "CustomerOverride": False,
        }
        for name, year in CERTIFICATES.items()
        if wanted in (None, name)
    ]
    return ActionResult({"Certificates": found, "DefaultCertificateForNewLaunches": DEFAULT_CERTIFICATE})
