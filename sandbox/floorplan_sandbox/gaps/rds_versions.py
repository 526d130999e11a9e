"""RDS lists the versions of its engines, takes the beginning of one for its latest, and refuses others.

moto knows no list, takes any version, and has defaults of ten years ago.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue, RDSClientError
from moto.rds.models import DBCluster, DBInstance, RDSBackend
from moto.rds.responses import RDSResponse

from floorplan_sandbox.patch import adds, around, instead

LOGS = {
    "mysql": ["audit", "error", "general", "iam-db-auth-error", "slowquery"],
    "mariadb": ["audit", "error", "general", "slowquery"],
    "postgres": ["iam-db-auth-error", "postgresql", "upgrade"],
    "aurora-mysql": ["audit", "error", "general", "instance", "slowquery"],
    "aurora-postgresql": ["instance", "postgresql"],
}
# By engine and major version, oldest first; the first major version named last is the default's.
VERSIONS = {
    "mysql": {"5.7": ["5.7.44"], "8.0": ["8.0.33", "8.0.36", "8.0.40", "8.0.42", "8.0.43"], "8.4": ["8.4.3", "8.4.5"]},
    "mariadb": {"10.6": ["10.6.20"], "10.11": ["10.11.10", "10.11.11"], "11.4": ["11.4.4", "11.4.5"]},
    "postgres": {
        "13": ["13.20"],
        "14": ["14.9", "14.17"],
        "15": ["15.10", "15.12"],
        "16": ["16.3", "16.6", "16.8"],
        "17": ["17.2", "17.4", "17.5", "17.6"],
    },
    "aurora-mysql": {
        "5.7": ["5.7.mysql_aurora.2.11.5", "5.7.mysql_aurora.2.12.4"],
        "8.0": [
            "8.0.mysql_aurora.3.04.2",
            "8.0.mysql_aurora.3.08.1",
            "8.0.mysql_aurora.3.08.2",
        ],
    },
    "aurora-postgresql": {
        "13": ["13.20", "13.21"],
        "14": ["14.5", "14.12", "14.13", "14.15", "14.17", "14.18"],
        "15": ["15.10", "15.12", "15.13"],
        "16": ["16.6-limitless", "16.6", "16.8", "16.9-limitless", "16.9"],
        "17": ["17.4", "17.5"],
    },
}
DEFAULT_MAJOR = {
    "mysql": "8.0",
    "mariadb": "11.4",
    "postgres": "17",
    "aurora-mysql": "8.0",
    "aurora-postgresql": "16",
}
DESCRIPTIONS = {
    "mysql": "MySQL Community Edition",
    "mariadb": "MariaDB Community Edition",
    "postgres": "PostgreSQL",
    "aurora-mysql": "Aurora MySQL",
    "aurora-postgresql": "Aurora PostgreSQL",
}
CLASSES = ["db.t4g.micro", "db.t4g.medium", "db.m6g.large", "db.r6g.large", "db.r6g.xlarge"]


@dataclass(frozen=True)
class Version:
    """One version of an engine."""

    engine: str
    major: str
    number: str

    @property
    def family(self) -> str:
        return f"{self.engine}{self.major}"


def all_versions() -> list[Version]:
    return [
        Version(engine, major, number)
        for engine, majors in VERSIONS.items()
        for major, numbers in majors.items()
        for number in numbers
    ]


def matching(engine: str, wanted: str | None) -> list[Version]:
    """The versions that `wanted` names, whole or by their beginning."""
    return [
        version
        for version in all_versions()
        if version.engine == engine
        and (not wanted or version.number == wanted or version.number.startswith(f"{wanted}."))
    ]


def default(engine: str) -> Version | None:
    found = [v for v in matching(engine, None) if v.major == DEFAULT_MAJOR.get(engine)]
    return found[-1] if found else None


def resolve(engine: str, wanted: str | None) -> str | None:
    """The version that a new database gets; engines that are not listed here keep what they are given."""
    if engine not in VERSIONS:
        return wanted
    if not wanted:
        return default(engine).number
    found = matching(engine, wanted)
    if not found:
        raise InvalidParameterCombination(f"Cannot find version {wanted} for {engine}")
    return found[-1].number


def upgrade(engine: str, now: str, wanted: str, major_allowed: bool) -> str:
    """The version that a database changes to."""
    if engine not in VERSIONS:
        return wanted
    if wanted == now or now.startswith(f"{wanted}."):
        return now
    target = matching(engine, resolve(engine, wanted))[0]
    known = [version for version in all_versions() if version.engine == engine]
    places = {version.number: place for place, version in enumerate(known)}
    here = next((version for version in known if version.number == now), None)
    if here is not None and places[target.number] < places[here.number]:
        raise InvalidParameterCombination(f"Cannot upgrade {engine} from {now} to {target.number}")
    if here is not None and here.major != target.major and not major_allowed:
        raise InvalidParameterCombination(
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
        )
    return target.number


def family(engine: str, number: str) -> str | None:
    found = matching(engine, number)
    return found[0].family if found else None


def targets(version: Version) -> Iterator[dict]:
    """The versions that a database of this one can change to."""
    majors = list(VERSIONS[version.engine])
    for other in matching(version.engine, None):
        later = all_versions().index(other) > all_versions().index(version)
        if later and majors.index(other.major) - majors.index(version.major) <= 1:
            yield {
                "Engine": other.engine,
                "EngineVersion": other.number,
                "Description": f"{DESCRIPTIONS[other.engine]} {other.number}",
                "AutoUpgrade": False,
                "IsMajorVersionUpgrade": other.major != version.major,
            }


def describe(version: Version) -> dict:
    aurora = version.engine.startswith("aurora")
    return {
        "Engine": version.engine,
        "MajorEngineVersion": version.major,
        "EngineVersion": version.number,
        "DBParameterGroupFamily": version.family,
        "DBEngineDescription": DESCRIPTIONS[version.engine],
        "DBEngineVersionDescription": f"{DESCRIPTIONS[version.engine]} {version.number}",
        "ValidUpgradeTarget": list(targets(version)),
        "ExportableLogTypes": LOGS[version.engine],
        "SupportsLogExportsToCloudwatchLogs": True,
        "SupportsReadReplica": not aurora,
        "SupportedEngineModes": ["provisioned"] if aurora else [],
        "SupportedFeatureNames": [],
        "Status": "available",
        "SupportsParallelQuery": False,
        "SupportsGlobalDatabases": aurora,
        "SupportsBabelfish": False,
        "SupportsLimitlessDatabase": False,
        "SupportsCertificateRotationWithoutRestart": True,
        "SupportedCACertificateIdentifiers": ["rds-ca-rsa2048-g1"],
        "SupportsLocalWriteForwarding": version.engine == "aurora-mysql",
        "SupportsIntegrations": False,
    }


@adds(RDSResponse, "describe_db_engine_versions")
def describe_db_engine_versions(self) -> ActionResult:
    get = self.params.get
    filters = {each["Name"]: each["Values"] for each in get("Filters", [])}
    engines = filters.get("engine", [get("Engine")] if get("Engine") else list(VERSIONS))
    found = [version for engine in engines for version in matching(engine, get("EngineVersion"))]
    if get("DBParameterGroupFamily"):
        found = [version for version in found if version.family == get("DBParameterGroupFamily")]
    if "engine-version" in filters:
        found = [version for version in found if version.number in filters["engine-version"]]
    if get("DefaultOnly"):
        if get("EngineVersion"):
            found = found[-1:]
        else:
            found = [version for version in found if version == default(version.engine)]
    return ActionResult({"DBEngineVersions": [describe(version) for version in found]})


@instead(RDSBackend, "describe_orderable_db_instance_options")
def describe_orderable_db_instance_options(self, engine: str, engine_version: str | None) -> list[dict]:
    zones = [{"Name": f"{self.region_name}{letter}"} for letter in "abc"]
    aurora = engine.startswith("aurora")
    kinds = ["aurora", "aurora-iopt1"] if aurora else ["gp2", "gp3", "io1", "io2"]
    return [
        {
            "Engine": version.engine,
            "EngineVersion": version.number,
            "DBInstanceClass": name,
            "LicenseModel": "postgresql-license" if "postgres" in engine else "general-public-license",
            "AvailabilityZones": zones,
            "MultiAZCapable": not aurora,
            "ReadReplicaCapable": not aurora,
            "Vpc": True,
            "SupportsStorageEncryption": True,
            "StorageType": kind,
            "SupportsIops": kind in ("gp3", "io1", "io2"),
            "SupportsEnhancedMonitoring": True,
            "SupportsIAMDatabaseAuthentication": True,
            "SupportsPerformanceInsights": True,
            "SupportedEngineModes": ["provisioned"],
            "SupportsStorageThroughput": kind == "gp3",
            "SupportsGlobalDatabases": aurora,
            "SupportsClusters": aurora,
            "SupportsStorageAutoscaling": not aurora,
            "SupportsKerberosAuthentication": True,
            "SupportedNetworkTypes": ["IPV4", "DUAL"],
            "OutpostCapable": False,
            "MinStorageSize": 20,
            "MaxStorageSize": 65536,
        }
        for version in matching(engine, engine_version)
        for name in CLASSES
        for kind in kinds
    ]


DBInstance.default_engine_versions = {
    **DBInstance.default_engine_versions,
    **{engine: default(engine).number for engine in VERSIONS},
}


def default_engine_version(engine: str) -> str:
    return default(engine).number if engine in VERSIONS else "1.3.2.1"


DBCluster.default_engine_version = staticmethod(default_engine_version)


@around(DBInstance, "default_db_parameter_group_details")
def default_db_parameter_group_details(original, self) -> tuple[str, str]:
    known = family(self.engine, self.engine_version)
    return (known, f"default.{known}") if known else original(self)


@around(RDSBackend, "create_option_group")
def create_option_group(original, self, option_group_kwargs: dict):
    """moto knows major versions up to 2022."""
    engine, major = option_group_kwargs["engine_name"], option_group_kwargs["major_engine_version"]
    if major not in VERSIONS.get(engine, {}):
        return original(self, option_group_kwargs)
    from moto.rds.models import OptionGroup

    name = option_group_kwargs["option_group_name"]
    if name in self.option_groups:
        raise RDSClientError("OptionGroupAlreadyExistsFault", f"An option group named {name} already exists.")
    if not option_group_kwargs.get("option_group_description"):
        raise InvalidParameterValue(
            "The parameter OptionGroupDescription must be provided and must not be blank."
        )
    group = OptionGroup(self, **option_group_kwargs)
    self.option_groups[name] = group
    return group
