//! aws_cloudwatch_log_stream: one sequence of lines in a log group.

use super::log_group::PAGES;
use crate::aws::api::member_text;
use crate::aws::api::services::LOGS;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_cloudwatch_log_stream`.
pub struct AwsCloudwatchLogStream;

/// A stream and the group that it is in.
pub struct Live {
    group: String,
    stream: Json,
}

static KEY: Composite = Composite::new(&["log_group_name", "name"], ":");

table! {
    Rows: Live {
        log_group_name: Text, none [.required().force_new().read(|l| l.held().group.as_str().into())];
        name: Text, none [.required().force_new().read(|l| member_text(&l.held().stream, "logStreamName").into())];
        arn: Text, none [.computed().read(|l| member_text(&l.held().stream, "arn").into())];
    }
}

fn ends(attrs: &Attrs) -> (String, String) {
    (attrs.string("log_group_name").unwrap_or_default(), attrs.string("name").unwrap_or_default())
}

/// The members that name a stream.
fn named(attrs: &Attrs) -> Json {
    let (group, name) = ends(attrs);
    json!({"logGroupName": group, "logStreamName": name})
}

impl Resource for AwsCloudwatchLogStream {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_cloudwatch_log_stream", &KEY, Rows::rows())
            .role(Role::NotServing("it keeps what services write down"))
    }

    /// By the beginning of its name: a group may have very many streams.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let found = each(which.keys(&KEY), |key| async move {
            let (group, name) = ends(&key);
            let input = json!({"logGroupName": group, "logStreamNamePrefix": name});
            let mut all = aws.read.api.list(&LOGS, "DescribeLogStreams", input, PAGES, "logStreams").await?;
            all.retain(|stream| member_text(stream, "logStreamName").as_ref() == Some(&name));
            Ok(all.into_iter().map(|stream| Live { group: group.clone(), stream }).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        aws.write.api.call(&LOGS, "CreateLogStream", named(want)).await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let of = KEY.parse(id).unwrap_or_default();
        unless_gone(aws.write.api.call(&LOGS, "DeleteLogStream", named(&of)).await)
    }
}
