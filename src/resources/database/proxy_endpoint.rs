//! aws_db_proxy_endpoint: a further address of a proxy, such as one that only reads.

use super::tagging::{self, Tagged};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_rds::operation::create_db_proxy_endpoint::builders::CreateDBProxyEndpointFluentBuilder as Create;
use aws_sdk_rds::operation::modify_db_proxy_endpoint::builders::ModifyDBProxyEndpointFluentBuilder as Modify;
use aws_sdk_rds::types::{DbProxyEndpoint, DbProxyEndpointStatus as Status};

type Live = Tagged<DbProxyEndpoint>;

/// The resource type `aws_db_proxy_endpoint`.
pub struct AwsDbProxyEndpoint;

static KEY: Composite = Composite::new(&["db_proxy_name", "db_proxy_endpoint_name"], "/");

table! {
    Rows: DbProxyEndpoint, create Create, modify Modify {
        db_proxy_endpoint_name: Text [.required().force_new()];
        db_proxy_name: Text [.required().force_new()];
        target_role: EnumCell
            [.default("READ_WRITE").force_new().check(|v| checks::one_of(v, &["READ_WRITE", "READ_ONLY"]))];
        vpc_security_group_ids: Texts, read, create, modify [.optional_computed()];
        vpc_subnet_ids: Texts [.required().force_new()];
        arn = db_proxy_endpoint_arn: Text, read [.computed()];
        endpoint: Text, read [.computed()];
        is_default: Switch, read [.computed()];
        vpc_id: Text, read [.computed()];
    }
}

fn progress(l: &Live) -> Progress {
    match l.status() {
        Some(Status::Available) | None => Progress::Ready,
        Some(failed @ (Status::IncompatibleNetwork | Status::InsufficientResourceLimits)) => {
            Progress::Failed(failed.as_str().into())
        }
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

impl Resource for AwsDbProxyEndpoint {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_db_proxy_endpoint", &KEY, Rows::rows())
            .role(Role::Endpoint(Unjudged::All("endpoints")))
            .own_tags(|l: &Live| tags::of(&l.tags))
            .progress(progress)
            .wait_for_deletion()
            .default_timeout(30)
    }

    /// Each proxy is asked once, however many of its endpoints are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let names = which.parts(&KEY, "db_proxy_endpoint_name");
        let found = each(which.parts(&KEY, "db_proxy_name"), |proxy| async move {
            all_of(aws.read.rds.describe_db_proxy_endpoints().db_proxy_name(proxy).into_paginator().items().send())
                .await
        });
        let found = found.await?.into_iter().flatten();
        let meant = found.filter(|e| e.db_proxy_endpoint_name().is_some_and(|name| names.iter().any(|n| n == name)));
        each(meant, |object| async {
            let call = aws.read.rds.list_tags_for_resource().set_resource_name(object.db_proxy_endpoint_arn.clone());
            Ok(Tagged { tags: call.send().await?.tag_list.unwrap_or_default(), object })
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_db_proxy_endpoint(), want);
        call.set_tags(tags::wanted(want)).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let name = change.after.string("db_proxy_endpoint_name");
        let call = aws.write.rds.modify_db_proxy_endpoint().set_db_proxy_endpoint_name(name);
        if let Some(call) = Rows::modify(call, change) {
            call.send().await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let name = last.string("db_proxy_endpoint_name");
        unless_gone(aws.write.rds.delete_db_proxy_endpoint().set_db_proxy_endpoint_name(name).send().await)
    }
}
