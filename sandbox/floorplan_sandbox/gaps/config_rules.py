"""Config: recorders keep their rhythm, and rules their modes; a rule may be a text of its own."""

import json

from moto.config.models import (
    ConfigBackend,
    ConfigEmptyDictable,
    ConfigRule,
    Source,
    SourceDetail,
    convert_to_class_args,
)
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError

from floorplan_sandbox.patch import adds, around

POLICY = "CUSTOM_POLICY"


@around(ConfigBackend, "put_configuration_recorder")
def put_configuration_recorder(original, self, config_recorder):
    original(self, config_recorder)
    mode = config_recorder.get("recordingMode") or {"recordingFrequency": "CONTINUOUS"}
    self.recorders[config_recorder["name"]]._mode = mode


@around(ConfigBackend, "describe_configuration_recorders")
def describe_configuration_recorders(original, self, recorder_names):
    found = original(self, recorder_names)
    return [{**each, "recordingMode": self.recorders[each["name"]]._mode} for each in found]


@around(Source, "__init__")
def source(original, self, account_id, region, owner, source_identifier=None, source_details=None, **others):
    if owner != POLICY:
        original(self, account_id, region, owner, source_identifier, source_details)
        return
    ConfigEmptyDictable.__init__(self, capitalize_start=True, capitalize_arn=False)
    self.owner = owner
    self.source_identifier = None
    self.source_details = [SourceDetail(**convert_to_class_args(each)) for each in source_details or []]
    self._policy = others["custom_policy_details"]


@around(Source, "to_dict")
def shown(original, self):
    policy = getattr(self, "_policy", None)
    if policy is None:
        return original(self)
    hidden = {name: value for name, value in policy.items() if name != "PolicyText"}
    return {**original(self), "CustomPolicyDetails": hidden}


@around(ConfigRule, "modify_fields")
def modify_fields(original, self, region, config_rule, tags):
    original(self, region, config_rule, tags)
    self.evaluation_modes = config_rule.get("EvaluationModes") or [{"Mode": "DETECTIVE"}]


@adds(ConfigResponse, "get_custom_rule_policy")
def get_custom_rule_policy(self):
    rule = self.config_backend.config_rules.get(self._get_param("ConfigRuleName"))
    if rule is None:
        raise JsonRESTError("NoSuchConfigRuleException", f"The rule {self._get_param('ConfigRuleName')} does not exist")
    return json.dumps({"PolicyText": (getattr(rule.source, "_policy", None) or {}).get("PolicyText", "")})
