//! Users, groups, what they may do, and who vouches for somebody, against the sandbox.

use serde_json::{Value, json};

use crate::support::Xml;
use crate::types::Account;

const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

fn allow(action: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}}).to_string()
}

fn iam(account: &Account, action: &str, parameters: &[(&str, &str)]) -> Xml {
    account.world.query("iam", action, parameters)
}

#[test]
fn a_user_can_get_another_name_and_goes_with_all_it_has() {
    let account = Account::start();
    let bound = account.make("aws_iam_policy", json!({"name": "bound", "policy": allow("*")})).id;
    let mut user = account
        .make("aws_iam_user", json!({"name": "ann", "path": "/a/", "permissions_boundary": bound, "tags": {"a": "1"}}));
    assert!(user.text("arn").ends_with(":user/a/ann"));
    user.change(json!({"name": "ann", "permissions_boundary": bound, "tags": {"b": "2"}}));
    user.change(json!({"name": "eve", "tags": {"b": "2"}}));
    assert_eq!(user.id, "eve");
    assert!(user.text("arn").ends_with(":user/eve"));
    iam(&account, "CreateAccessKey", &[("UserName", "eve")]);
    iam(&account, "AttachUserPolicy", &[("UserName", "eve"), ("PolicyArn", READ_ONLY)]);
    let refused = user.try_delete().expect_err("it has a key");
    assert!(refused.message.contains("force_destroy = true"), "{refused}");
    user.change(json!({"name": "eve", "force_destroy": true, "tags": {"b": "2"}}));
    user.delete();
}

#[test]
fn policies_of_users_and_groups_are_attached_and_written() {
    let account = Account::start();
    let user = account.make("aws_iam_user", json!({"name": "ann"})).id;
    let mut group = account.make("aws_iam_group", json!({"name": "ops"}));
    group.change(json!({"name": "ops", "path": "/a/"}));
    group.change(json!({"name": "dev", "path": "/a/"}));
    assert_eq!(group.id, "dev");
    assert!(group.text("arn").ends_with(":group/a/dev"));
    let on_user = account.make("aws_iam_user_policy_attachment", json!({"user": user, "policy_arn": READ_ONLY}));
    assert_eq!(on_user.id, format!("ann/{READ_ONLY}"));
    let on_group = account.make("aws_iam_group_policy_attachment", json!({"group": "dev", "policy_arn": READ_ONLY}));
    let mut written =
        account.make("aws_iam_user_policy", json!({"user": user, "name": "logs", "policy": allow("logs:*")}));
    written.change(json!({"user": user, "name": "logs", "policy": allow("logs:PutLogEvents")}));
    let seen = iam(&account, "GetUserPolicy", &[("UserName", &user), ("PolicyName", "logs")]).one("PolicyDocument");
    assert!(seen.contains("PutLogEvents"));
    let config = json!({"user": user, "name": "logs", "policy": allow("*")});
    let refused = account.try_make("aws_iam_user_policy", config).expect_err("it is there");
    assert!(refused.to_string().contains("exists already"), "{refused}");
    written.delete();
    on_user.delete();
    on_group.delete();
    group.delete();
}

#[test]
fn a_membership_and_an_attachment_name_all_and_no_others() {
    let account = Account::start();
    let names = ["ann", "bob", "eve"];
    for name in names {
        account.make("aws_iam_user", json!({"name": name}));
    }
    account.make("aws_iam_group", json!({"name": "ops"}));
    let members = |users: &[&str]| json!({"name": "all", "group": "ops", "users": users});
    let mut membership = account.make("aws_iam_group_membership", members(&["ann", "bob"]));
    membership.change(members(&["bob", "eve"]));
    assert_eq!(iam(&account, "GetGroup", &[("GroupName", "ops")]).all("UserName"), ["bob", "eve"]);
    let found = account.data("aws_iam_group", json!({"group_name": "ops"}));
    assert_eq!(found.blocks("users").len(), 2);
    membership.delete();

    let policy = account.make("aws_iam_policy", json!({"name": "it", "policy": allow("s3:Get*")})).id;
    let holders =
        |users: &[&str], groups: &[&str]| json!({"name": "it", "policy_arn": policy, "users": users, "groups": groups});
    let mut attachment = account.make("aws_iam_policy_attachment", holders(&["ann", "bob"], &[]));
    attachment.change(holders(&["bob"], &["ops"]));
    iam(&account, "AttachUserPolicy", &[("UserName", "eve"), ("PolicyArn", &policy)]);
    assert_eq!(attachment.drift(), ["users"], "no others may have it");
    attachment.again();
    attachment.delete();
}

#[test]
fn an_account_has_one_policy_for_passwords() {
    let account = Account::start();
    let type_name = "aws_iam_account_password_policy";
    let mut policy = account.make(type_name, json!({"minimum_password_length": 12, "require_numbers": true}));
    assert_eq!(policy.id, "iam-account-password-policy");
    policy.change(json!({"minimum_password_length": 14, "max_password_age": 90, "require_numbers": true,
                         "allow_users_to_change_password": false}));
    assert_eq!(iam(&account, "GetAccountPasswordPolicy", &[]).one("MaxPasswordAge"), "90");
    policy.delete();
}

#[test]
fn providers_vouch_for_people_of_elsewhere() {
    let account = Account::start();
    let open = |clients: &[&str], print: &str| json!({"url": "https://token.example.com/x", "client_id_list": clients, "thumbprint_list": [print.repeat(40)], "tags": {"a": print}});
    let mut provider = account.make("aws_iam_openid_connect_provider", open(&["sts", "web"], "a"));
    assert!(provider.id.ends_with(":oidc-provider/token.example.com/x"));
    provider.change(open(&["app", "sts"], "b"));
    assert_eq!(provider.drift(), [""; 0]);
    provider.delete();

    let saml = |text: &str, tag: &str| json!({"name": "corp", "saml_metadata_document": text.repeat(1000), "tags": {"a": tag}});
    let mut provider = account.make("aws_iam_saml_provider", saml("x", "1"));
    assert!(provider.id.ends_with(":saml-provider/corp") && !provider.text("saml_provider_uuid").is_empty());
    provider.change(saml("y", "2"));
    provider.delete();
}

#[test]
fn a_service_has_a_role_of_its_own() {
    let account = Account::start();
    let config = |text: &str, suffix: Value| json!({"aws_service_name": "autoscaling.amazonaws.com", "description": text, "custom_suffix": suffix});
    let mut role = account.make("aws_iam_service_linked_role", config("one", json!("x")));
    assert!(role.id.ends_with("/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_x"));
    role.change(config("two", json!("x")));
    assert_eq!(iam(&account, "GetRole", &[("RoleName", "AWSServiceRoleForAutoScaling_x")]).one("Description"), "two");
    role.delete();
}

#[test]
fn people_are_found_by_name_path_and_pattern() {
    let account = Account::start();
    account.make("aws_iam_user", json!({"name": "ann", "path": "/a/", "tags": {"a": "1"}}));
    account.make("aws_iam_user", json!({"name": "bob"}));
    let found = account.data("aws_iam_user", json!({"user_name": "ann"}));
    assert_eq!((found.str("path"), found.string_map("tags").len()), (Some("/a/"), 1));
    assert_eq!(account.data("aws_iam_users", json!({"name_regex": "^b"})).strings("names"), ["bob"]);
    assert!(account.try_data("aws_iam_users", json!({"name_regex": "("})).is_err());
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                       "Principal": {"Service": "ec2.amazonaws.com"}}]});
    let role = account.make("aws_iam_role", json!({"name": "web", "assume_role_policy": trust.to_string()}));
    assert_eq!(account.data("aws_iam_roles", json!({"name_regex": "^web$"})).strings("arns"), [role.text("arn")]);
    let of = |arn: &str| account.data("aws_iam_session_context", json!({"arn": arn}));
    let found = of("arn:aws:sts::123456789012:assumed-role/web/me");
    assert_eq!((found.string("issuer_arn"), found.str("session_name")), (Some(role.text("arn")), Some("me")));
    let user = "arn:aws:iam::123456789012:user/ann";
    assert_eq!(of(user).str("issuer_arn"), Some(user));
    assert!(account.try_data("aws_iam_account_alias", json!({})).unwrap_err().is_not_found());
    iam(&account, "CreateAccountAlias", &[("AccountAlias", "acme")]);
    assert_eq!(account.data("aws_iam_account_alias", json!({})).str("account_alias"), Some("acme"));
}
