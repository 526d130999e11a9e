//! The permissions that a drift job needs besides those of reading: on its memory, and on the topics that it notifies.

use super::place::Place;
use super::target::Topic;
use crate::report::policy::Statement;
use std::collections::BTreeSet;

/// What is allowed on a memory in a bucket, and on topics. S3 says that an object is not there only to those who may list
/// the bucket.
pub fn statements(memory: Option<&Place>, topics: &[&Topic]) -> Vec<Statement> {
    let statement = |name: &str, actions: &[&str], resources: Vec<String>| Statement {
        name: name.to_owned(),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        resources,
        condition: None,
    };
    let mut all = Vec::new();
    if let Some(Place::Bucket { bucket, prefix, .. }) = memory {
        let below = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let objects = ["layouts", "runs"].map(|folder| format!("arn:aws:s3:::{bucket}/{below}{folder}/*"));
        all.push(statement("MemoryObjects", &["s3:GetObject", "s3:PutObject"], objects.into()));
        all.push(statement("MemoryBucket", &["s3:ListBucket"], vec![format!("arn:aws:s3:::{bucket}")]));
    }
    let topics: BTreeSet<&str> = topics.iter().map(|topic| topic.arn.as_str()).collect();
    if !topics.is_empty() {
        let topics = topics.into_iter().map(str::to_owned).collect();
        all.push(statement("Notices", &["sns:Publish"], topics));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::policy;

    #[test]
    fn a_job_may_write_its_memory_alone() {
        let memory = Place::read("s3://acme-drift/network").expect("a place");
        let topic = Topic { arn: "arn:aws:sns:eu-west-1:123456789012:drift".into(), region: "eu-west-1".into() };
        insta::assert_snapshot!(format!("{:#}", policy::policy([], &statements(Some(&memory), &[&topic, &topic]))), @r#"
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "MemoryObjects",
              "Effect": "Allow",
              "Action": [
                "s3:GetObject",
                "s3:PutObject"
              ],
              "Resource": [
                "arn:aws:s3:::acme-drift/network/layouts/*",
                "arn:aws:s3:::acme-drift/network/runs/*"
              ]
            },
            {
              "Sid": "MemoryBucket",
              "Effect": "Allow",
              "Action": [
                "s3:ListBucket"
              ],
              "Resource": "arn:aws:s3:::acme-drift"
            },
            {
              "Sid": "Notices",
              "Effect": "Allow",
              "Action": [
                "sns:Publish"
              ],
              "Resource": "arn:aws:sns:eu-west-1:123456789012:drift"
            }
          ]
        }
        "#);
        assert_eq!(statements(Some(&Place::Folder("x".into())), &[]), []);
        assert_eq!(statements(None, &[]), []);
    }
}
