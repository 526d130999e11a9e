"""Log groups: keys are changed later, groups have a class and deletion protection, what is wrong is refused.

moto lacks AssociateKmsKey, DisassociateKmsKey and PutLogGroupDeletionProtection, forgets the class, takes any
number of days, keeps the tags of a deleted group, tags what is not there, and adds a second filter of a name.
"""

from moto.logs.exceptions import InvalidParameterException, LogsClientError, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from floorplan_sandbox.patch import adds, around

DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
CLASSES = ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")
DELIVERY_DAYS = 2


def find(backend: LogsBackend, name: str) -> LogGroup:
    """A group by its name or ARN."""
    if name.startswith("arn:"):
        name = name.split(":log-group:", 1)[-1].removesuffix(":*")
    if name not in backend.groups:
        raise ResourceNotFoundException()
    return backend.groups[name]


def is_group(arn: str) -> bool:
    return ":log-group:" in arn


@around(LogsResponse, "create_log_group")
def create_log_group(original, self):
    kind = self._get_param("logGroupClass") or "STANDARD"
    if kind not in CLASSES:
        raise InvalidParameterException(
            constraint=f"Member must satisfy enum value set: {list(CLASSES)}",
            parameter="logGroupClass",
            value=kind,
        )
    answer = original(self)
    group = find(self.logs_backend, self._get_param("logGroupName"))
    group.log_group_class = kind
    group.protected = bool(self._get_param("deletionProtectionEnabled"))
    if kind == "DELIVERY":
        group.retention_in_days = DELIVERY_DAYS
    return answer


@around(LogGroup, "to_describe_dict")
def to_describe_dict(original, self):
    return original(self) | {
        "logGroupClass": getattr(self, "log_group_class", "STANDARD"),
        "deletionProtectionEnabled": getattr(self, "protected", False),
    }


@adds(LogsResponse, "put_log_group_deletion_protection")
def put_log_group_deletion_protection(self):
    group = find(self.logs_backend, self._get_param("logGroupIdentifier"))
    group.protected = bool(self._get_param("deletionProtectionEnabled"))
    return ""


@adds(LogsResponse, "associate_kms_key")
def associate_kms_key(self):
    key = self._get_param("kmsKeyId") or ""
    if not key.startswith("arn:"):
        raise InvalidParameterException("The KMS key must be given by its ARN.")
    find(self.logs_backend, self._get_param("logGroupName")).kms_key_id = key
    return ""


@adds(LogsResponse, "disassociate_kms_key")
def disassociate_kms_key(self):
    find(self.logs_backend, self._get_param("logGroupName")).kms_key_id = None
    return ""


@around(LogsBackend, "put_retention_policy")
def put_retention_policy(original, self, log_group_name, retention_in_days):
    if getattr(find(self, log_group_name), "log_group_class", "") == "DELIVERY":
        raise InvalidParameterException("A log group of the class DELIVERY has a retention of its own.")
    if retention_in_days not in DAYS:
        raise InvalidParameterException(
            constraint=f"Member must satisfy enum value set: {list(DAYS)}",
            parameter="retentionInDays",
            value=retention_in_days,
        )
    return original(self, log_group_name, retention_in_days)


@around(LogsBackend, "delete_log_group")
def delete_log_group(original, self, log_group_name):
    group = find(self, log_group_name)
    if getattr(group, "protected", False):
        raise LogsClientError(
            "OperationAbortedException", f"The log group {log_group_name} has deletion protection."
        )
    original(self, log_group_name)
    self.tagger.delete_all_tags_for_resource(group.arn)


@around(LogsBackend, "list_tags_for_resource")
def list_tags_for_resource(original, self, resource_arn):
    if is_group(resource_arn):
        find(self, resource_arn)
    return original(self, resource_arn)


@around(LogsBackend, "untag_resource")
def untag_resource(original, self, arn, tag_keys):
    if is_group(arn):
        find(self, arn)
    return original(self, arn, tag_keys)


@around(LogsBackend, "put_metric_filter")
def put_metric_filter(original, self, filter_name, filter_pattern, log_group_name, metric_transformations):
    """A filter of the same name in the group is replaced."""
    if log_group_name not in self.groups:
        raise ResourceNotFoundException
    filters = self.filters
    place = (log_group_name, filter_name)
    filters.metric_filters = [
        each for each in filters.metric_filters if (each["logGroupName"], each["filterName"]) != place
    ]
    return original(self, filter_name, filter_pattern, log_group_name, metric_transformations)
