//! aws_db_proxy and aws_db_proxy_default_target_group: a proxy that shares connections to databases, and how it pools them.

use super::rds::{call, is, list};
use super::tagging::{self, Tagged};
use crate::aws::api::member_text;
use crate::resources::document::{Document, One, Unordered, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The member that names a proxy.
const NAME: &str = "DBProxyName";

/// The resource type `aws_db_proxy`.
pub struct AwsDbProxy;
/// The resource type `aws_db_proxy_default_target_group`.
pub struct AwsDbProxyDefaultTargetGroup;

document! {
    Rows {
        auth = "Auth.member": Unordered<Auth>, read, create, modify;
        debug_logging = "DebugLogging": Switch, read, create, modify;
        default_auth_scheme = "DefaultAuthScheme": Text, read, create, modify [.optional_computed()];
        endpoint_network_type = "EndpointNetworkType": Text [.optional_computed().force_new()];
        engine_family = "EngineFamily": Text
            [.required().force_new().check(|v| checks::one_of(v, &["MYSQL", "POSTGRESQL", "SQLSERVER"]))];
        idle_client_timeout = "IdleClientTimeout": Int, read, create, modify [.optional_computed()];
        name = "DBProxyName": Text, read, create, modify("NewDBProxyName") [.required()];
        require_tls = "RequireTLS": Switch, read, create, modify;
        role_arn = "RoleArn": Text, read, create, modify [.required()];
        target_connection_network_type = "TargetConnectionNetworkType": Text [.optional_computed().force_new()];
        vpc_security_group_ids = "VpcSecurityGroupIds.member": Texts, read, create, modify("SecurityGroups.member")
            [.optional_computed()];
        vpc_subnet_ids = "VpcSubnetIds.member": Texts [.required().force_new()];
        arn = "DBProxyArn": Text, read [.computed()];
        endpoint = "Endpoint": Text, read [.computed().follows(&["name"])];
    }
}

document! {
    Auth {
        auth_scheme = "AuthScheme": Text;
        client_password_auth_type = "ClientPasswordAuthType": Text [.optional_computed()];
        description = "Description": Text;
        iam_auth = "IAMAuth": Text;
        secret_arn = "SecretArn": Text;
        username = "UserName": Text;
    }
}

/// How far a proxy or an endpoint of one is.
pub fn progress(l: &Tagged) -> Progress {
    match member_text(l, "Status").as_deref() {
        Some("available") | None => Progress::Ready,
        Some(failed @ ("incompatible-network" | "insufficient-resource-limits")) => Progress::Failed(failed.into()),
        Some(other) => Progress::Pending(other.into()),
    }
}

impl Resource for AwsDbProxy {
    type Live = Tagged;

    fn spec() -> Spec<Tagged> {
        Spec::new("aws_db_proxy", |l: &Tagged| member_text(l, NAME), Rows::rows())
            .role(Role::Endpoint(Unjudged::All("endpoints")))
            .own_tags(|l| tags::of(&l.tags))
            .unique(&[&["name"]])
            .id_follows(&["name"])
            .progress(progress)
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Tagged>> {
        let all = list(aws, "DescribeDBProxies", json!({}), "DBProxies.member").await?;
        tagging::chosen(aws, which, all, NAME, "DBProxyArn").await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = call(aws, "CreateDBProxy", tagging::marked(Rows::create(want), want, token)).await?;
        made(member_text(&answer, "DBProxy.DBProxyName").as_deref())
    }

    /// Tags first: the proxy is not known by its old name after a change of it.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await?;
        let renamed = change.has("name").then(|| change.after.string("name")).flatten();
        if let Some(input) = Rows::filled(change) {
            call(aws, "ModifyDBProxy", joined(json!({NAME: id}), input)).await?;
            change.new_id = renamed;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        call(aws, "DeleteDBProxy", json!({NAME: id})).await.map(drop)
    }
}

document! {
    OfGroup {
        connection_pool_config = "ConnectionPoolConfig": One<Pool>, read, create, modify [.optional_computed()];
        db_proxy_name = "DBProxyName": Text [.required().force_new()];
        arn = "TargetGroupArn": Text, read [.computed()];
        name = "TargetGroupName": Text, read [.computed()];
    }
}

document! {
    Pool {
        connection_borrow_timeout = "ConnectionBorrowTimeout": Int [.default(120)];
        init_query = "InitQuery": Text;
        max_connections_percent = "MaxConnectionsPercent": Int [.default(100)];
        max_idle_connections_percent = "MaxIdleConnectionsPercent": Int [.default(50)];
        session_pinning_filters = "SessionPinningFilters.member": Texts;
    }
}

/// The members by which a call names the group of a proxy.
fn group(of: &str) -> Json {
    json!({"TargetGroupName": "default", NAME: of})
}

impl Resource for AwsDbProxyDefaultTargetGroup {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_db_proxy_default_target_group", |g| member_text(g, NAME), OfGroup::rows())
            .role(Role::Settings(Unjudged::All("connections")))
            .unique(&[&["db_proxy_name"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let of_proxy = |proxy| list(aws, "DescribeDBProxyTargetGroups", json!({NAME: proxy}), "TargetGroups.member");
        let found = each(which.by("db_proxy_name"), of_proxy).await?.into_iter().flatten();
        Ok(found.filter(|g| is(g, "IsDefault", Some("true"))).collect())
    }

    /// The group comes with its proxy.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let input = joined(OfGroup::create(want), group(want.str("db_proxy_name").unwrap_or_default()));
        call(aws, "ModifyDBProxyTargetGroup", input).await?;
        made(want.str("db_proxy_name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(input) = OfGroup::filled(change) {
            call(aws, "ModifyDBProxyTargetGroup", joined(group(id), input)).await?;
        }
        Ok(())
    }

    /// It goes with its proxy.
    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}
