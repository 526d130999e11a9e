"""Config: recorders have a rhythm, and a rule may be a text."""

from tests.support import SandboxTest, client


class ConfigRules(SandboxTest):
    def test_a_recorder_keeps_its_rhythm(self):
        config = client("config", "eu-west-2")
        role = "arn:aws:iam::123456789012:role/config"
        config.put_configuration_recorder(
            ConfigurationRecorder={"name": "default", "roleARN": role, "recordingMode": {"recordingFrequency": "DAILY"}}
        )
        found = config.describe_configuration_recorders()["ConfigurationRecorders"][0]
        self.assertEqual(found["recordingMode"], {"recordingFrequency": "DAILY"})

    def test_a_rule_may_be_a_text(self):
        config = client("config")
        policy = {"PolicyRuntime": "guard-2.x.x", "PolicyText": "rule a when b exists { c }"}
        source = {"Owner": "CUSTOM_POLICY", "CustomPolicyDetails": policy}
        source["SourceDetails"] = [{"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}]
        config.put_config_rule(ConfigRule={"ConfigRuleName": "text", "Source": source})
        found = config.describe_config_rules(ConfigRuleNames=["text"])["ConfigRules"][0]
        self.assertEqual(found["Source"]["CustomPolicyDetails"], {"PolicyRuntime": "guard-2.x.x"})
        self.assertEqual(found["EvaluationModes"], [{"Mode": "DETECTIVE"}])
        self.assertEqual(config.get_custom_rule_policy(ConfigRuleName="text")["PolicyText"], policy["PolicyText"])
