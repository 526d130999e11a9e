"""The subnets of a cache's or a warehouse's group can change, a cache's group can go, and both keep their names in small
letters: moto has no calls for the first two and keeps names as they are written."""

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import CacheSubnetGroupNotFound
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.redshift.models import RedshiftBackend
from moto.redshift.responses import RedshiftResponse

from floorplan_sandbox.patch import adds, around


@around(ElastiCacheBackend, "create_cache_subnet_group")
def create_cache_subnet_group(original, self, cache_subnet_group_name, *args, **kwargs):
    return original(self, cache_subnet_group_name.lower(), *args, **kwargs)


@around(RedshiftBackend, "create_cluster_subnet_group")
def create_cluster_subnet_group(original, self, cluster_subnet_group_name, *args, **kwargs):
    return original(self, cluster_subnet_group_name.lower(), *args, **kwargs)


def named(backend, name: str) -> CacheSubnetGroup:
    if name not in backend.cache_subnet_groups:
        raise CacheSubnetGroupNotFound(name)
    return backend.cache_subnet_groups[name]


@adds(ElastiCacheResponse, "modify_cache_subnet_group")
def modify_cache_subnet_group(self) -> ActionResult:
    group = named(self.elasticache_backend, self._get_param("CacheSubnetGroupName"))
    changed = CacheSubnetGroup(
        self.current_account,
        self.region,
        group.cache_subnet_group_name,
        self._get_param("CacheSubnetGroupDescription") or group.cache_subnet_group_description,
        self._get_param("SubnetIds") or group.subnet_ids,
        group.tags,
    )
    self.elasticache_backend.cache_subnet_groups[group.cache_subnet_group_name] = changed
    return ActionResult({"CacheSubnetGroup": changed})


@adds(ElastiCacheResponse, "delete_cache_subnet_group")
def delete_cache_subnet_group(self) -> EmptyResult:
    group = named(self.elasticache_backend, self._get_param("CacheSubnetGroupName"))
    del self.elasticache_backend.cache_subnet_groups[group.cache_subnet_group_name]
    return EmptyResult()


@adds(RedshiftResponse, "modify_cluster_subnet_group")
def modify_cluster_subnet_group(self) -> ActionResult:
    (group,) = self.redshift_backend.describe_cluster_subnet_groups(self._get_param("ClusterSubnetGroupName"))
    group.description = self._get_param("Description") or group.description
    group.subnet_ids = self._get_param("SubnetIds") or group.subnet_ids
    return ActionResult({"ClusterSubnetGroup": group})
