//! aws_route53_resolver_query_log_config: where questions are written down. Its association: those of which network.

use crate::aws::api::services::RESOLVER;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

const SILENT: Role = Role::NotServing("it writes down what is asked");

document! {
    /// The resource type `aws_route53_resolver_query_log_config`.
    pub AwsRoute53ResolverQueryLogConfig {
        arn = "Arn": Text, read [.computed()];
        destination_arn = "DestinationArn": Text [.required().force_new()];
        name = "Name": Text [.required().force_new()];
        owner_id = "OwnerId": Text, read [.computed()];
        share_status = "ShareStatus": Text, read [.computed()];
    }
}
document! {
    /// The resource type `aws_route53_resolver_query_log_config_association`.
    pub AwsRoute53ResolverQueryLogConfigAssociation {
        resolver_query_log_config_id = "ResolverQueryLogConfigId": Text [.required().force_new()];
        resource_id = "ResourceId": Text [.required().force_new()];
    }
}

impl Plain for AwsRoute53ResolverQueryLogConfig {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "CreateResolverQueryLogConfig";
    const READ: (&'static str, &'static str) = ("GetResolverQueryLogConfig", "ResolverQueryLogConfig");
    const DELETE: &'static str = "DeleteResolverQueryLogConfig";
    const TAGS: Option<Tags> = Some(super::TAGS);

    fn specification() -> Spec<Object> {
        Spec::new("aws_route53_resolver_query_log_config", |c: &Object| Some(c.id.clone()), <Self as Document>::rows())
            .role(SILENT)
            .recover(Recover::TokenTag)
            .progress(|c| state(c, "Status", &["CREATING", "DELETING"], &["FAILED"], &[]))
            .wait_for_deletion()
    }

    async fn of_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
        super::of_token(aws, "ListResolverQueryLogConfigs", "ResolverQueryLogConfigs", token).await
    }

    fn key(id: &str) -> Json {
        json!({"ResolverQueryLogConfigId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "ResolverQueryLogConfig.Id")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        input["CreatorRequestId"] = token.0.as_str().into();
        input
    }
}

impl Plain for AwsRoute53ResolverQueryLogConfigAssociation {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "AssociateResolverQueryLogConfig";
    const READ: (&'static str, &'static str) =
        ("GetResolverQueryLogConfigAssociation", "ResolverQueryLogConfigAssociation");
    const DELETE: &'static str = "DisassociateResolverQueryLogConfig";

    fn specification() -> Spec<Object> {
        let id = |a: &Object| Some(a.id.clone());
        Spec::new("aws_route53_resolver_query_log_config_association", id, <Self as Document>::rows())
            .role(SILENT)
            .unique(&[&["resolver_query_log_config_id", "resource_id"]])
            .recover(Recover::Key)
            .progress(|a| state(a, "Status", &["CREATING", "DELETING"], &["FAILED"], &[]))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"ResolverQueryLogConfigAssociationId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "ResolverQueryLogConfigAssociation.Id")
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let pages = Pages("NextToken", "NextToken");
        let (operation, path) = ("ListResolverQueryLogConfigAssociations", "ResolverQueryLogConfigAssociations");
        let mut found = aws.read.api.list(&RESOLVER, operation, json!({}), pages, path).await?;
        let same = |one: &Json, name: &str, argument: &str| member_text(one, name).as_deref() == want.str(argument);
        found.retain(|one| {
            same(one, "ResolverQueryLogConfigId", "resolver_query_log_config_id")
                && same(one, "ResourceId", "resource_id")
        });
        Ok(found.iter().filter_map(|one| member_text(one, "Id")).collect())
    }

    async fn before_delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<bool> {
        let of = |name: &str| last.str(name);
        let input = json!({
            "ResolverQueryLogConfigId": of("resolver_query_log_config_id"), "ResourceId": of("resource_id"),
        });
        aws.write.api.call(&RESOLVER, Self::DELETE, input).await?;
        Ok(false)
    }
}
