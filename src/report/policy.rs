//! Policies of IAM as documents: what a role may do, and who may take it on. Two runs write the same text.

use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// How many characters a policy of its own can have, without white space.
pub const MANAGED: usize = 6144;
/// How many all policies within a role can have together.
pub const INLINE: usize = 10_240;

/// Actions that may be done on some resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it is called.
    pub name: String,
    /// The actions.
    pub actions: BTreeSet<String>,
    /// The ARNs.
    pub resources: Vec<String>,
    /// What must hold besides.
    pub condition: Option<Json>,
}

impl Statement {
    fn to_json(&self) -> Json {
        let resources = match &self.resources[..] {
            [one] => json!(one),
            all => json!(all),
        };
        let mut all = json!({ "Sid": self.name, "Effect": "Allow", "Action": self.actions, "Resource": resources });
        if let Some(condition) = &self.condition {
            all["Condition"] = condition.clone();
        }
        all
    }
}

/// The statements of several layouts as those of one policy: what allows the same is one statement on all the resources,
/// and what has the same name after that is numbered.
pub fn united(all: impl IntoIterator<Item = Statement>) -> Vec<Statement> {
    let mut united: Vec<Statement> = Vec::new();
    for statement in all {
        let same = |one: &&mut Statement| {
            one.name == statement.name && one.actions == statement.actions && one.condition == statement.condition
        };
        match united.iter_mut().find(same) {
            Some(one) => one.resources.extend(statement.resources),
            None => united.push(statement),
        }
    }
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for one in &mut united {
        one.resources.sort();
        one.resources.dedup();
        let count = names.entry(one.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            one.name = format!("{}{count}", one.name);
        }
    }
    united
}

/// A policy that allows `actions` on everything, one statement for each service, and what `more` says.
pub fn policy<'a>(actions: impl IntoIterator<Item = &'a str>, more: &[Statement]) -> Json {
    let mut services: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for action in actions {
        let service = action.split(':').next().unwrap_or_default();
        services.entry(service).or_default().insert(action.to_owned());
    }
    let everywhere = services.into_iter().map(|(service, actions)| {
        Statement { name: capitalised(service), actions, resources: vec!["*".into()], condition: None }.to_json()
    });
    let all: Vec<Json> = everywhere.chain(more.iter().map(Statement::to_json)).collect();
    json!({ "Version": "2012-10-17", "Statement": all })
}

/// How many characters of a policy count.
pub fn size(policy: &Json) -> usize {
    policy.to_string().chars().filter(|c| !c.is_whitespace()).count()
}

/// A name of letters and digits, as the names of statements are.
fn capitalised(service: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    service.split('-').map(word).collect()
}

/// Who may take a role on: jobs of a CI service, by the tokens that it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The account of the role, or a word in its place.
    pub account: String,
    /// The host that signs the tokens.
    pub host: String,
    /// For whom they are.
    pub audience: String,
    /// The jobs that they speak for; `*` stands for any text.
    pub subjects: Vec<String>,
}

/// The policy that lets them.
pub fn trust(trust: &Trust) -> Json {
    let Trust { account, host, audience, subjects } = trust;
    let any = subjects.iter().any(|subject| subject.contains('*'));
    let subject = match &subjects[..] {
        [one] => json!(one),
        all => json!(all),
    };
    let mut conditions = json!({ "StringEquals": { format!("{host}:aud"): audience } });
    match any {
        true => conditions["StringLike"] = json!({ format!("{host}:sub"): subject }),
        false => conditions["StringEquals"][format!("{host}:sub")] = subject,
    }
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "Ci",
            "Effect": "Allow",
            "Principal": { "Federated": format!("arn:aws:iam::{account}:oidc-provider/{host}") },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": conditions,
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_sorted_and_stand_with_their_service() {
        let more = Statement {
            name: "State".into(),
            actions: BTreeSet::from(["s3:GetObject".into()]),
            resources: vec!["arn:aws:s3:::b/k".into(), "arn:aws:s3:::b/k.tflock".into()],
            condition: Some(json!({ "Bool": { "aws:SecureTransport": "true" } })),
        };
        let actions = ["network-firewall:ListFirewalls", "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeVpcs"];
        insta::assert_snapshot!(format!("{:#}", policy(actions, &[more])), @r#"
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "Ec2",
              "Effect": "Allow",
              "Action": [
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs"
              ],
              "Resource": "*"
            },
            {
              "Sid": "NetworkFirewall",
              "Effect": "Allow",
              "Action": [
                "network-firewall:ListFirewalls"
              ],
              "Resource": "*"
            },
            {
              "Sid": "State",
              "Effect": "Allow",
              "Action": [
                "s3:GetObject"
              ],
              "Resource": [
                "arn:aws:s3:::b/k",
                "arn:aws:s3:::b/k.tflock"
              ],
              "Condition": {
                "Bool": {
                  "aws:SecureTransport": "true"
                }
              }
            }
          ]
        }
        "#);
    }

    #[test]
    fn what_allows_the_same_is_one_statement() {
        let statement = |name: &str, resource: &str, key: Option<&str>| Statement {
            name: name.into(),
            actions: BTreeSet::from(["kms:Decrypt".into()]),
            resources: vec![resource.into()],
            condition: key.map(|key| json!({ "StringEquals": { "kms:ResourceAliases": key } })),
        };
        let all = [
            statement("State", "b", None),
            statement("Key", "*", Some("alias/one")),
            statement("State", "a", None),
            statement("Key", "*", Some("alias/two")),
            statement("Key", "*", Some("alias/one")),
        ];
        let united = united(all);
        let names: Vec<&str> = united.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["State", "Key", "Key2"]);
        assert_eq!(united[0].resources, ["a", "b"]);
        assert_eq!(united[1].resources, ["*"]);
    }

    #[test]
    fn jobs_are_let_in_by_what_their_token_says() {
        let branch = Trust {
            account: "123456789012".into(),
            host: "gitlab.com".into(),
            audience: "https://gitlab.com".into(),
            subjects: vec!["project_path:acme/net:ref_type:branch:ref:main".into()],
        };
        insta::assert_snapshot!(format!("{:#}", trust(&branch)), @r#"
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "Ci",
              "Effect": "Allow",
              "Principal": {
                "Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
              },
              "Action": "sts:AssumeRoleWithWebIdentity",
              "Condition": {
                "StringEquals": {
                  "gitlab.com:aud": "https://gitlab.com",
                  "gitlab.com:sub": "project_path:acme/net:ref_type:branch:ref:main"
                }
              }
            }
          ]
        }
        "#);
        let any = Trust { subjects: vec!["a:*".into(), "b".into()], ..branch };
        assert_eq!(
            trust(&any)["Statement"][0]["Condition"],
            json!({
                "StringEquals": { "gitlab.com:aud": "https://gitlab.com" },
                "StringLike": { "gitlab.com:sub": ["a:*", "b"] },
            })
        );
    }

    #[test]
    fn white_space_does_not_count() {
        assert_eq!(size(&json!({ "a b": 1 })), r#"{"ab":1}"#.len());
    }
}
