"""The firewall for names, and settings of networks, which moto does not offer; rules change."""

import json

from moto.moto_api._internal import mock_random
from moto.route53resolver.exceptions import ResourceExistsException, ResourceNotFoundException
from moto.route53resolver.models import Route53ResolverBackend
from moto.route53resolver.responses import Route53ResolverResponse

from floorplan_sandbox.patch import adds, around

KINDS = {
    "FirewallDomainList": ("rslvr-fdl", "firewall-domain-list"),
    "FirewallRuleGroup": ("rslvr-frg", "firewall-rule-group"),
    "FirewallRuleGroupAssociation": ("rslvr-frgassoc", "firewall-rule-group-association"),
}


def store(backend) -> dict:
    return backend.__dict__.setdefault("firewall", {"objects": {}, "rules": [], "configs": {}})


def created(response, kind: str, members: dict) -> str:
    backend = response.route53resolver_backend
    objects = store(backend)["objects"]
    token = response._get_param("CreatorRequestId")
    if any(one["kind"] == kind and one["CreatorRequestId"] == token for one in objects.values()):
        raise ResourceExistsException(f"[RSLVR-02028] {kind} with the request {token} exists")
    prefix, name = KINDS[kind]
    object_id = f"{prefix}-{mock_random.get_random_hex(17)}"
    arn = f"arn:aws:route53resolver:{backend.region_name}:{backend.account_id}:{name}/{object_id}"
    made = {"kind": kind, "Id": object_id, "Arn": arn, "CreatorRequestId": token, "Status": "COMPLETE", **members}
    objects[object_id] = made
    backend.tagger.tag_resource(arn, response._get_param("Tags") or [])
    return answer(kind, made)


def found(response, kind: str) -> dict:
    object_id = response._get_param(f"{kind}Id")
    objects = store(response.route53resolver_backend)["objects"]
    if object_id not in objects or objects[object_id]["kind"] != kind:
        raise ResourceNotFoundException(f"[RSLVR-02017] {kind} with the ID {object_id} does not exist")
    return objects[object_id]


def answer(kind: str, members: dict) -> str:
    return json.dumps({kind: {name: value for name, value in members.items() if name not in ("kind", "Domains")}})


def deleted(response, kind: str) -> str:
    gone = found(response, kind)
    del store(response.route53resolver_backend)["objects"][gone["Id"]]
    return answer(kind, gone)


def listed(response, kind: str, path: str) -> str:
    objects = store(response.route53resolver_backend)["objects"].values()
    return json.dumps({path: [json.loads(answer(kind, one))[kind] for one in objects if one["kind"] == kind]})


@adds(Route53ResolverResponse, "list_firewall_domain_lists")
def list_firewall_domain_lists(self):
    return listed(self, "FirewallDomainList", "FirewallDomainLists")


@adds(Route53ResolverResponse, "list_firewall_rule_groups")
def list_firewall_rule_groups(self):
    return listed(self, "FirewallRuleGroup", "FirewallRuleGroups")


@adds(Route53ResolverResponse, "list_firewall_rule_group_associations")
def list_firewall_rule_group_associations(self):
    return listed(self, "FirewallRuleGroupAssociation", "FirewallRuleGroupAssociations")


@adds(Route53ResolverResponse, "create_firewall_domain_list")
def create_firewall_domain_list(self):
    return created(self, "FirewallDomainList", {"Name": self._get_param("Name"), "Domains": []})


@adds(Route53ResolverResponse, "get_firewall_domain_list")
def get_firewall_domain_list(self):
    return answer("FirewallDomainList", found(self, "FirewallDomainList"))


@adds(Route53ResolverResponse, "list_firewall_domains")
def list_firewall_domains(self):
    return json.dumps({"Domains": found(self, "FirewallDomainList")["Domains"]})


@adds(Route53ResolverResponse, "update_firewall_domains")
def update_firewall_domains(self):
    own = found(self, "FirewallDomainList")
    given = {domain.rstrip(".").lower() + "." for domain in self._get_param("Domains")}
    kept = {"ADD": set(own["Domains"]) | given, "REMOVE": set(own["Domains"]) - given, "REPLACE": given}
    own["Domains"] = sorted(kept[self._get_param("Operation")])
    return json.dumps({"Id": own["Id"], "Name": own["Name"], "Status": "COMPLETE"})


@adds(Route53ResolverResponse, "delete_firewall_domain_list")
def delete_firewall_domain_list(self):
    return deleted(self, "FirewallDomainList")


@adds(Route53ResolverResponse, "create_firewall_rule_group")
def create_firewall_rule_group(self):
    owner = self.route53resolver_backend.account_id
    members = {"Name": self._get_param("Name"), "OwnerId": owner, "ShareStatus": "NOT_SHARED"}
    return created(self, "FirewallRuleGroup", members)


@adds(Route53ResolverResponse, "get_firewall_rule_group")
def get_firewall_rule_group(self):
    return answer("FirewallRuleGroup", found(self, "FirewallRuleGroup"))


@adds(Route53ResolverResponse, "delete_firewall_rule_group")
def delete_firewall_rule_group(self):
    return deleted(self, "FirewallRuleGroup")


@adds(Route53ResolverResponse, "associate_firewall_rule_group")
def associate_firewall_rule_group(self):
    names = ("FirewallRuleGroupId", "VpcId", "Priority", "Name")
    members = {name: self._get_param(name) for name in names}
    members["MutationProtection"] = self._get_param("MutationProtection") or "DISABLED"
    return created(self, "FirewallRuleGroupAssociation", members)


@adds(Route53ResolverResponse, "get_firewall_rule_group_association")
def get_firewall_rule_group_association(self):
    return answer("FirewallRuleGroupAssociation", found(self, "FirewallRuleGroupAssociation"))


@adds(Route53ResolverResponse, "update_firewall_rule_group_association")
def update_firewall_rule_group_association(self):
    own = found(self, "FirewallRuleGroupAssociation")
    for name in ("Priority", "MutationProtection", "Name"):
        if self._get_param(name) is not None:
            own[name] = self._get_param(name)
    return answer("FirewallRuleGroupAssociation", own)


@adds(Route53ResolverResponse, "disassociate_firewall_rule_group")
def disassociate_firewall_rule_group(self):
    return deleted(self, "FirewallRuleGroupAssociation")


def rules(response) -> list[dict]:
    return store(response.route53resolver_backend)["rules"]


def own_rule(response) -> dict:
    group, domains = response._get_param("FirewallRuleGroupId"), response._get_param("FirewallDomainListId")
    for rule in rules(response):
        if rule["FirewallRuleGroupId"] == group and rule.get("FirewallDomainListId") == domains:
            return rule
    raise ResourceNotFoundException(f"[RSLVR-02012] The rule of {group} for {domains} does not exist")


@adds(Route53ResolverResponse, "create_firewall_rule")
def create_firewall_rule(self):
    made = {name: value for name, value in json.loads(self.body).items() if value is not None}
    made.setdefault("FirewallDomainRedirectionAction", "INSPECT_REDIRECTION_DOMAIN")
    rules(self).append(made)
    return json.dumps({"FirewallRule": made})


@adds(Route53ResolverResponse, "update_firewall_rule")
def update_firewall_rule(self):
    rule = own_rule(self)
    rule.update(json.loads(self.body))
    return json.dumps({"FirewallRule": rule})


@adds(Route53ResolverResponse, "delete_firewall_rule")
def delete_firewall_rule(self):
    rule = own_rule(self)
    rules(self).remove(rule)
    return json.dumps({"FirewallRule": rule})


@adds(Route53ResolverResponse, "list_firewall_rules")
def list_firewall_rules(self):
    group = self._get_param("FirewallRuleGroupId")
    if group not in store(self.route53resolver_backend)["objects"]:
        raise ResourceNotFoundException(f"[RSLVR-02017] The group {group} does not exist")
    return json.dumps({"FirewallRules": [rule for rule in rules(self) if rule["FirewallRuleGroupId"] == group]})


def config(response, word: str | None = None) -> str:
    backend = response.route53resolver_backend
    network = response._get_param("ResourceId")
    configs = store(backend)["configs"]
    if word:
        configs[network] = word
    members = {"Id": f"rslvr-rc-{network[4:]}", "ResourceId": network, "OwnerId": backend.account_id}
    return json.dumps({"ResolverConfig": {**members, "AutodefinedReverse": configs.get(network, "ENABLED")}})


@adds(Route53ResolverResponse, "get_resolver_config")
def get_resolver_config(self):
    return config(self)


@adds(Route53ResolverResponse, "update_resolver_config")
def update_resolver_config(self):
    return config(self, f"{self._get_param('AutodefinedReverseFlag')}D")


@adds(Route53ResolverResponse, "update_resolver_rule")
def update_resolver_rule(self):
    rule = self.route53resolver_backend.get_resolver_rule(self._get_param("ResolverRuleId"))
    given = self._get_param("Config")
    rule.name = given.get("Name", rule.name)
    rule.target_ips = given.get("TargetIps", rule.target_ips)
    rule.resolver_endpoint_id = given.get("ResolverEndpointId", rule.resolver_endpoint_id)
    return json.dumps({"ResolverRule": rule.description()})


@around(Route53ResolverBackend, "_matched_arn")
def _matched_arn(original, self, resource_arn):
    others = [*self.resolver_query_log_configs.values()]
    known = {other.arn for other in others} | {one["Arn"] for one in store(self)["objects"].values()}
    if resource_arn not in known:
        original(self, resource_arn)


@adds(Route53ResolverResponse, "delete_resolver_query_log_config")
def delete_resolver_query_log_config(self):
    backend, own = self.route53resolver_backend, self._get_param("ResolverQueryLogConfigId")
    gone = backend.get_resolver_query_log_config(own)
    del backend.resolver_query_log_configs[own]
    return json.dumps({"ResolverQueryLogConfig": gone.description()})


@adds(Route53ResolverResponse, "disassociate_resolver_query_log_config")
def disassociate_resolver_query_log_config(self):
    own, network = self._get_param("ResolverQueryLogConfigId"), self._get_param("ResourceId")
    all_of_them = self.route53resolver_backend.resolver_query_log_config_associations
    for key, one in list(all_of_them.items()):
        if one.resolver_query_log_config_id == own and one.resource_id == network:
            return json.dumps({"ResolverQueryLogConfigAssociation": all_of_them.pop(key).description()})
    raise ResourceNotFoundException(f"[RSLVR-01607] The association of {own} and {network} does not exist")
