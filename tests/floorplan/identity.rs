//! Roles, policies and instance profiles against a sandbox, checked by looks that do not go through the
//! program.

use floorplan::resources::data_sources;
use serde_json::{Value as Json, json};

use crate::support::Xml;
use crate::types::Account;

const SSM: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
const CLOUDWATCH: &str = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy";

fn trust(service: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRole"],
        "Principal": {"Service": [format!("{service}.amazonaws.com")]}}]})
    .to_string()
}

fn allow(action: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}}).to_string()
}

fn iam(account: &Account, action: &str, parameters: &[(&str, &str)]) -> Xml {
    account.world.query("iam", action, parameters)
}

#[test]
fn a_role_has_its_trust_its_limits_and_its_own_policies() {
    let account = Account::start();
    let bound = account.make("aws_iam_policy", json!({"name": "bound", "policy": allow("*")})).id;
    let web = |more: Json| {
        let mut config = json!({"name": "web", "assume_role_policy": trust("ec2"), "path": "/app/"});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let mut role = account.make(
        "aws_iam_role",
        web(json!({"description": "serves", "permissions_boundary": bound, "max_session_duration": 7200, "tags": {"a": "1"},
            "managed_policy_arns": [SSM], "inline_policy": [{"name": "logs", "policy": allow("logs:PutLogEvents")}]})),
    );
    let look = || iam(&account, "GetRole", &[("RoleName", "web")]);
    assert_eq!((look().one("MaxSessionDuration"), look().one("PermissionsBoundaryArn")), ("7200".into(), bound));
    let attached = || iam(&account, "ListAttachedRolePolicies", &[("RoleName", "web")]).all("PolicyArn");
    let written = || iam(&account, "ListRolePolicies", &[("RoleName", "web")]);
    assert_eq!(attached(), [SSM]);

    role.change(web(
        json!({"assume_role_policy": trust("ecs-tasks"), "managed_policy_arns": [CLOUDWATCH], "tags": {"b": "2"},
        "inline_policy": [{"name": "queue", "policy": allow("sqs:SendMessage")}]}),
    ));
    assert!(look().one("AssumeRolePolicyDocument").contains("ecs-tasks"));
    assert_eq!((look().one("MaxSessionDuration"), look().all("PermissionsBoundaryArn").len()), ("3600".into(), 0));
    assert_eq!(
        (attached(), iam(&account, "ListRoleTags", &[("RoleName", "web")]).all("Key")),
        (vec![CLOUDWATCH.to_owned()], vec!["b".to_owned()])
    );
    assert!(written().document().descendants().any(|n| n.text() == Some("queue")));

    iam(&account, "AttachRolePolicy", &[("RoleName", "web"), ("PolicyArn", SSM)]);
    assert_eq!(role.drift(), ["managed_policy_arns"], "no others may be there");
    role.change(web(json!({"managed_policy_arns": [], "inline_policy": [{}], "force_detach_policies": true})));
    assert!(attached().is_empty() && written().document().descendants().all(|n| n.text() != Some("queue")));

    iam(&account, "AttachRolePolicy", &[("RoleName", "web"), ("PolicyArn", SSM)]);
    role.change(web(json!({"force_detach_policies": true})));
    assert_eq!(attached(), [SSM], "what the layout does not speak of is left alone");
    role.delete();
    assert_eq!(account.world.try_query("iam", "GetRole", &[("RoleName", "web")]).0, 404);
}

#[test]
fn policies_are_written_attached_and_kept_in_versions() {
    let account = Account::start();
    let role = account.make("aws_iam_role", json!({"name_prefix": "web-", "assume_role_policy": trust("ec2")})).id;
    assert!(role.starts_with("web-"));
    let deploy = |n: i32| json!({"name": "deploy", "path": "/team/", "policy": allow(&format!("s3:Get{n}")), "tags": {"n": n.to_string()}});
    let mut policy = account.make("aws_iam_policy", deploy(0));
    let arn = policy.id.clone();
    let versions = || iam(&account, "ListPolicyVersions", &[("PolicyArn", &arn)]).all("VersionId");
    for n in 1..7 {
        policy.change(deploy(n));
    }
    let mut held = versions();
    held.sort();
    assert_eq!(held, ["v3", "v4", "v5", "v6", "v7"], "the oldest that are not in force are gone");
    let default = iam(&account, "GetPolicy", &[("PolicyArn", &arn)]).one("DefaultVersionId");
    assert!(
        iam(&account, "GetPolicyVersion", &[("PolicyArn", &arn), ("VersionId", &default)])
            .one("Document")
            .contains("Get6")
    );

    let attachments: Vec<_> = [arn.as_str(), SSM]
        .map(|arn| account.make("aws_iam_role_policy_attachment", json!({"role": role, "policy_arn": arn})))
        .into();
    let ids: Vec<String> = attachments.iter().map(|a| a.id.clone()).chain([format!("gone/{arn}")]).collect();
    account.world.forget_calls();
    assert_eq!(account.describe("aws_iam_role_policy_attachment", &ids).len(), 2);
    assert_eq!(account.world.calls().len(), 2, "one question for each role");

    let mut written =
        account.make("aws_iam_role_policy", json!({"role": role, "name": "logs", "policy": allow("logs:*")}));
    written.change(json!({"role": role, "name": "logs", "policy": allow("logs:PutLogEvents")}));
    let text = iam(&account, "GetRolePolicy", &[("RoleName", &role), ("PolicyName", "logs")]).one("PolicyDocument");
    assert!(text.contains("PutLogEvents"));
    let config = json!({"role": role, "name": "logs", "policy": allow("*")});
    let refused = account.try_make("aws_iam_role_policy", config).expect_err("it is there");
    assert!(refused.to_string().contains("exists already"), "{refused}");

    let profile_config = |role: Option<&str>| json!({"name": "web", "role": role, "tags": {"a": "1"}});
    let mut profile = account.make("aws_iam_instance_profile", profile_config(Some(&role)));
    let holds = || iam(&account, "GetInstanceProfile", &[("InstanceProfileName", "web")]).all("RoleName");
    assert_eq!(holds(), [role.as_str()]);
    profile.change(profile_config(None));
    assert!(holds().is_empty());
    profile.change(profile_config(Some(&role)));
    profile.delete();
    written.delete();
    attachments.into_iter().for_each(|a| a.delete());
    policy.delete();
}

#[test]
fn roles_and_policies_that_are_there_are_looked_up() {
    let account = Account::start();
    account.make("aws_iam_role", json!({"name": "web", "assume_role_policy": trust("ec2"), "description": "serves"}));
    account.make(
        "aws_iam_policy",
        json!({"name": "deploy", "path": "/team/", "policy": allow("s3:*"), "tags": {"team": "a"}}),
    );
    let read = |type_name: &str, config: Json| account.try_data(type_name, config);
    let role = read("aws_iam_role", json!({"name": "web"})).unwrap();
    assert_eq!(
        (role.str("description"), role.str("arn")),
        (Some("serves"), Some("arn:aws:iam::123456789012:role/web"))
    );
    let by = [
        json!({"name": "deploy"}),
        json!({"path_prefix": "/team/"}),
        json!({"tags": {"team": "a"}, "path_prefix": "/"}),
        json!({"arn": "arn:aws:iam::123456789012:policy/team/deploy"}),
    ];
    for config in by {
        let policy = read("aws_iam_policy", config.clone()).unwrap();
        assert_eq!(policy.str("name"), Some("deploy"), "{config}");
        assert!(policy.str("policy").is_some_and(|text| text.contains("s3:*")), "{config}");
    }
    assert_eq!(read("aws_iam_policy", json!({"name": "AmazonSSMManagedInstanceCore"})).unwrap().str("arn"), Some(SSM));
    let error = read("aws_iam_role", json!({"name": "nobody"})).unwrap_err();
    assert!(error.is_not_found() && error.to_string().contains("\"nobody\""), "{error}");
    assert!(data_sources().contains_key("aws_iam_policy_document"));
}
