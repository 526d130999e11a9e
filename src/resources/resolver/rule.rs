//! aws_route53_resolver_rule: where questions about a domain go. aws_route53_resolver_rule_association: the networks
//! that this is so in.

use crate::aws::api::services::RESOLVER;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, Unordered, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// Where a question goes.
    pub Target {
        ip = "Ip": Text;
        ipv6 = "Ipv6": Text;
        port = "Port": Int [.default(53)];
        protocol = "Protocol": Text [.default("Do53")];
    }
}
document! {
    /// The resource type `aws_route53_resolver_rule`.
    pub AwsRoute53ResolverRule {
        arn = "Arn": Text, read [.computed()];
        domain_name = "DomainName": Text [.required().force_new().normal(Normal::With(same_domain))];
        name = "Name": Text, read, create, modify;
        owner_id = "OwnerId": Text, read [.computed()];
        resolver_endpoint_id = "ResolverEndpointId": Text, read, create, modify;
        rule_type = "RuleType": Text
            [.required().force_new().check(|v| checks::one_of(v, &["DELEGATE", "FORWARD", "RECURSIVE", "SYSTEM"]))];
        share_status = "ShareStatus": Text, read [.computed()];
        target_ip = "TargetIps": Unordered<Target>, read, create, modify;
    }
}
document! {
    /// The resource type `aws_route53_resolver_rule_association`.
    pub AwsRoute53ResolverRuleAssociation {
        name = "Name": Text [.force_new()];
        resolver_rule_id = "ResolverRuleId": Text [.required().force_new()];
        vpc_id = "VPCId": Text [.required().force_new()];
    }
}

/// A domain is the same with a dot at its end, and in capitals.
fn same_domain(wanted: &Value, now: &Value) -> bool {
    let plain = |value: &Value| value.as_str().map(|text| text.trim_end_matches('.').to_lowercase());
    plain(wanted) == plain(now)
}

impl Plain for AwsRoute53ResolverRule {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "CreateResolverRule";
    const READ: (&'static str, &'static str) = ("GetResolverRule", "ResolverRule");
    const UPDATE: &'static str = "UpdateResolverRule";
    const DELETE: &'static str = "DeleteResolverRule";
    const TAGS: Option<Tags> = Some(super::TAGS);

    fn specification() -> Spec<Object> {
        Spec::new("aws_route53_resolver_rule", |r: &Object| Some(r.id.clone()), <Self as Document>::rows())
            .role(Role::Name(Unjudged::Of("where questions go", &["resolver_endpoint_id", "target_ip"])))
            .recover(Recover::TokenTag)
            .progress(|r| state(r, "Status", &["UPDATING", "DELETING"], &["FAILED"], &[]))
            .wait_for_deletion()
    }

    async fn of_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
        super::of_token(aws, "ListResolverRules", "ResolverRules", token).await
    }

    fn key(id: &str) -> Json {
        json!({"ResolverRuleId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "ResolverRule.Id")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        input["CreatorRequestId"] = token.0.as_str().into();
        input
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        <Self as Document>::whole(change).map(|config| json!({ "Config": config }))
    }
}

impl Plain for AwsRoute53ResolverRuleAssociation {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "AssociateResolverRule";
    const READ: (&'static str, &'static str) = ("GetResolverRuleAssociation", "ResolverRuleAssociation");
    const DELETE: &'static str = "DisassociateResolverRule";

    fn specification() -> Spec<Object> {
        Spec::new("aws_route53_resolver_rule_association", |a: &Object| Some(a.id.clone()), <Self as Document>::rows())
            .role(Role::Name(Unjudged::None("it is replaced, not changed")))
            .unique(&[&["resolver_rule_id", "vpc_id"]])
            .recover(Recover::Key)
            .progress(|a| state(a, "Status", &["CREATING", "DELETING"], &["FAILED", "OVERRIDDEN"], &[]))
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"ResolverRuleAssociationId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "ResolverRuleAssociation.Id")
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let by = |name: &str, argument: &str| json!({"Name": name, "Values": [want.str(argument)]});
        let input = json!({"Filters": [by("ResolverRuleId", "resolver_rule_id"), by("VPCId", "vpc_id")]});
        let (operation, pages) = ("ListResolverRuleAssociations", Pages("NextToken", "NextToken"));
        let found = aws.read.api.list(&RESOLVER, operation, input, pages, "ResolverRuleAssociations").await?;
        Ok(found.iter().filter_map(|one| member_text(one, "Id")).collect())
    }

    async fn before_delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<bool> {
        let input = json!({"ResolverRuleId": last.str("resolver_rule_id"), "VPCId": last.str("vpc_id")});
        aws.write.api.call(&RESOLVER, Self::DELETE, input).await?;
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_may_end_with_a_dot() {
        assert!(same_domain(&"Example.com".into(), &"example.com.".into()));
        assert!(!same_domain(&"example.com".into(), &"example.org.".into()));
    }
}
