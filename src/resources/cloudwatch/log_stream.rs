//! aws_cloudwatch_log_stream: one sequence of lines in a log group.

use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_cloudwatchlogs::types::LogStream;

/// The resource type `aws_cloudwatch_log_stream`.
pub struct AwsCloudwatchLogStream;

/// A stream and the group that it is in.
pub struct Live {
    group: String,
    stream: LogStream,
}

static KEY: Composite = Composite::new(&["log_group_name", "name"], ":");

table! {
    Rows: Live {
        log_group_name: Text, none [.required().force_new().read(|l| l.held().group.as_str().into())];
        name: Text, none [.required().force_new().read(|l| l.held().stream.log_stream_name().into())];
        arn: Text, none [.computed().read(|l| l.held().stream.arn().into())];
    }
}

fn ends(attrs: &Attrs) -> (String, String) {
    (attrs.string("log_group_name").unwrap_or_default(), attrs.string("name").unwrap_or_default())
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
            let call = aws.read.logs.describe_log_streams().log_group_name(&group).log_stream_name_prefix(&name);
            let mut all = all_of(call.into_paginator().items().send()).await?;
            all.retain(|stream| stream.log_stream_name() == Some(name.as_str()));
            Ok(all.into_iter().map(|stream| Live { group: group.clone(), stream }).collect::<Vec<_>>())
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (group, name) = ends(want);
        aws.write.logs.create_log_stream().log_group_name(group).log_stream_name(name).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let (group, name) = KEY.parse(id).as_ref().map(ends).unwrap_or_default();
        unless_gone(aws.write.logs.delete_log_stream().log_group_name(group).log_stream_name(name).send().await)
    }
}
