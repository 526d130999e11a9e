//! aws_db_proxy_endpoint: a further address of a proxy, such as one that only reads.

use super::proxy::progress;
use super::rds::{call, list};
use super::tagging::{self, Tagged};
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The member that has its name.
const NAME: &str = "DBProxyEndpointName";

/// The resource type `aws_db_proxy_endpoint`.
pub struct AwsDbProxyEndpoint;

static KEY: Composite = Composite::new(&["db_proxy_name", "db_proxy_endpoint_name"], "/");

document! {
    Rows {
        db_proxy_endpoint_name = "DBProxyEndpointName": Text [.required().force_new()];
        db_proxy_name = "DBProxyName": Text [.required().force_new()];
        target_role = "TargetRole": Text
            [.default("READ_WRITE").force_new().check(|v| checks::one_of(v, &["READ_WRITE", "READ_ONLY"]))];
        vpc_security_group_ids = "VpcSecurityGroupIds.member": Texts, read, create, modify [.optional_computed()];
        vpc_subnet_ids = "VpcSubnetIds.member": Texts [.required().force_new()];
        arn = "DBProxyEndpointArn": Text, read [.computed()];
        endpoint = "Endpoint": Text, read [.computed()];
        is_default = "IsDefault": Switch, read [.computed()];
        vpc_id = "VpcId": Text, read [.computed()];
    }
}

impl Resource for AwsDbProxyEndpoint {
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::composite("aws_db_proxy_endpoint", &KEY, Rows::rows())
            .role(Role::Endpoint(Unjudged::All("endpoints")))
            .own_tags(|l: &Tagged| tags::of(&l.tags))
            .progress(progress)
            .wait_for_deletion()
            .default_timeout(30)
    }

    /// Each proxy is asked once, however many of its endpoints are meant.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let names = which.parts(&KEY, "db_proxy_endpoint_name");
        let of = |proxy: String| {
            list(aws, "DescribeDBProxyEndpoints", json!({"DBProxyName": proxy}), "DBProxyEndpoints.member")
        };
        let found = each(which.parts(&KEY, "db_proxy_name"), of).await?.into_iter().flatten();
        let meant = found.filter(|e| member_text(e, NAME).is_some_and(|name| names.contains(&name)));
        each(meant, |object| tagging::with_tags(aws, object, "DBProxyEndpointArn")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let tags = json!({"Tags": {"Tag": tags::wanted::<Json>(want)}});
        call(aws, "CreateDBProxyEndpoint", joined(Rows::create(want), tags)).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let of = json!({NAME: change.after.str("db_proxy_endpoint_name")});
        if let Some(input) = Rows::filled(change) {
            call(aws, "ModifyDBProxyEndpoint", joined(of, input)).await?;
        }
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let input = json!({NAME: last.str("db_proxy_endpoint_name")});
        unless_gone(call(aws, "DeleteDBProxyEndpoint", input).await)
    }
}
