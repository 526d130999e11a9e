//! aws_db_proxy and aws_db_proxy_default_target_group: a proxy that shares connections to databases, and how it pools them.

use super::tagging::{self, Tagged};
use crate::resources::prelude::*;
use aws_sdk_rds::operation::create_db_proxy::builders::CreateDBProxyFluentBuilder as Create;
use aws_sdk_rds::operation::modify_db_proxy::builders::ModifyDBProxyFluentBuilder as Modify;
use aws_sdk_rds::operation::modify_db_proxy_target_group::builders::ModifyDBProxyTargetGroupFluentBuilder as ModifyGroup;
use aws_sdk_rds::types::{
    ConnectionPoolConfiguration, ConnectionPoolConfigurationInfo, DbProxy, DbProxyStatus as Status, DbProxyTargetGroup,
    UserAuthConfig, UserAuthConfigInfo,
};

type Live = Tagged<DbProxy>;

/// The resource type `aws_db_proxy`.
pub struct AwsDbProxy;
/// The resource type `aws_db_proxy_default_target_group`.
pub struct AwsDbProxyDefaultTargetGroup;

table! {
    Rows: DbProxy, create Create, modify Modify {
        auth: BlockSet<Auth>, read, create, modify;
        debug_logging: Switch, read, create, modify;
        default_auth_scheme: EnumCell, read, create, modify [.optional_computed()];
        endpoint_network_type: EnumCell [.optional_computed().force_new()];
        engine_family: EnumCell
            [.required().force_new().check(|v| checks::one_of(v, &["MYSQL", "POSTGRESQL", "SQLSERVER"]))];
        idle_client_timeout: Int, read, create, modify [.optional_computed()];
        name = db_proxy_name: Text, read, create, modify(new_db_proxy_name) [.required()];
        require_tls: Switch, read, create, modify;
        role_arn: Text, read, create, modify [.required()];
        target_connection_network_type: EnumCell [.optional_computed().force_new()];
        vpc_security_group_ids: Texts, read, create, modify(security_groups) [.optional_computed()];
        vpc_subnet_ids: Texts [.required().force_new()];
        arn = db_proxy_arn: Text, read [.computed()];
        endpoint: Text, read [.computed().follows(&["name"])];
    }
}

block! {
    Auth: UserAuthConfigInfo => UserAuthConfig {
        auth_scheme: EnumCell;
        client_password_auth_type: EnumCell [.optional_computed()];
        description: Text;
        iam_auth: EnumCell;
        secret_arn: Text;
        username = user_name: Text;
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

impl Resource for AwsDbProxy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_db_proxy", |l: &Live| l.db_proxy_name().map(Into::into), Rows::rows())
            .role(Role::Endpoint(Unjudged::All("endpoints")))
            .own_tags(|l| tags::of(&l.tags))
            .unique(&[&["name"]])
            .id_follows(&["name"])
            .progress(progress)
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let all = all_of(aws.read.rds.describe_db_proxies().into_paginator().items().send()).await?;
        tagging::chosen(aws, which, all, |proxy| proxy.db_proxy_name().zip(proxy.db_proxy_arn())).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.rds.create_db_proxy(), want).set_tags(tags::marked(want, token));
        made(call.send().await?.db_proxy().and_then(DbProxy::db_proxy_name))
    }

    /// Tags first: the proxy is not known by its old name after a change of it.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        tagging::change(aws, change.before.str("arn").unwrap_or_default(), change).await?;
        let renamed = change.has("name").then(|| change.after.string("name")).flatten();
        if let Some(call) = Rows::modify(aws.write.rds.modify_db_proxy().db_proxy_name(id), change) {
            call.send().await?;
            change.new_id = renamed;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.rds.delete_db_proxy().db_proxy_name(id).send().await)
    }
}

table! {
    OfGroup: DbProxyTargetGroup, create ModifyGroup, modify ModifyGroup {
        connection_pool_config: OptionalBlock<Pool>, read, create, modify [.optional_computed()];
        db_proxy_name: Text [.required().force_new()];
        arn = target_group_arn: Text, read [.computed()];
        name = target_group_name: Text, read [.computed()];
    }
}

block! {
    Pool: ConnectionPoolConfigurationInfo => ConnectionPoolConfiguration {
        connection_borrow_timeout: Int [.default(120)];
        init_query: Text;
        max_connections_percent: Int [.default(100)];
        max_idle_connections_percent: Int [.default(50)];
        session_pinning_filters: Texts;
    }
}

const DEFAULT: &str = "default";

impl Resource for AwsDbProxyDefaultTargetGroup {
    type Live = DbProxyTargetGroup;

    fn spec() -> Spec<DbProxyTargetGroup> {
        let id = |g: &DbProxyTargetGroup| g.db_proxy_name().map(Into::into);
        Spec::new("aws_db_proxy_default_target_group", id, OfGroup::rows())
            .role(Role::Settings(Unjudged::All("connections")))
            .unique(&[&["db_proxy_name"]])
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<DbProxyTargetGroup>> {
        let of_proxy = |proxy: String| {
            let call = aws.read.rds.describe_db_proxy_target_groups().db_proxy_name(proxy);
            all_of(call.into_paginator().items().send())
        };
        let found = each(which.by("db_proxy_name"), of_proxy).await?.into_iter().flatten();
        Ok(found.filter(|g| g.is_default() == Some(true)).collect())
    }

    /// The group comes with its proxy.
    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let call = aws.write.rds.modify_db_proxy_target_group().target_group_name(DEFAULT);
        OfGroup::create(call, want).send().await?;
        made(want.str("db_proxy_name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = aws.write.rds.modify_db_proxy_target_group().target_group_name(DEFAULT).db_proxy_name(id);
        if let Some(call) = OfGroup::modify(call, change) {
            call.send().await?;
        }
        Ok(())
    }

    /// It goes with its proxy.
    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}
