//! The firewall for names: lists of domains, groups of rules, and the networks that they are for.

use crate::aws::api::services::RESOLVER;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// How many domains one call takes.
const DOMAINS: usize = 1000;

document! {
    /// The resource type `aws_route53_resolver_firewall_domain_list`.
    pub AwsRoute53ResolverFirewallDomainList {
        arn = "Arn": Text, read [.computed()];
        domains = "Domains": Texts, read [.normal(Normal::With(same_domains))];
        name = "Name": Text [.required().force_new()];
    }
}
document! {
    /// The resource type `aws_route53_resolver_firewall_rule_group`.
    pub AwsRoute53ResolverFirewallRuleGroup {
        arn = "Arn": Text, read [.computed()];
        name = "Name": Text [.required().force_new()];
        owner_id = "OwnerId": Text, read [.computed()];
        share_status = "ShareStatus": Text, read [.computed()];
    }
}
document! {
    /// The resource type `aws_route53_resolver_firewall_rule_group_association`.
    pub AwsRoute53ResolverFirewallRuleGroupAssociation {
        arn = "Arn": Text, read [.computed()];
        firewall_rule_group_id = "FirewallRuleGroupId": Text [.required().force_new()];
        mutation_protection = "MutationProtection": Text, read, create, modify
            [.optional_computed().check(|v| checks::one_of(v, &["DISABLED", "ENABLED"]))];
        name = "Name": Text, read, create, modify [.required()];
        priority = "Priority": Int, read, create, modify [.required()];
        vpc_id = "VpcId": Text [.required().force_new()];
    }
}

fn plain(domains: &Value) -> Vec<String> {
    let all = domains.as_elements().unwrap_or_default().iter().filter_map(Value::as_str);
    let mut all: Vec<String> = all.map(|text| text.trim_end_matches('.').to_lowercase()).collect();
    all.sort_unstable();
    all
}

/// AWS ends each with a dot.
fn same_domains(wanted: &Value, now: &Value) -> bool {
    plain(wanted) == plain(now)
}

fn with_token(mut input: Json, token: &Token) -> Json {
    input["CreatorRequestId"] = token.0.as_str().into();
    input
}

fn progress(object: &Object) -> Progress {
    let failed = ["COMPLETE_IMPORT_FAILED"];
    state(object, "Status", &["CREATING", "UPDATING", "DELETING", "IMPORTING"], &failed, &[])
}

impl Plain for AwsRoute53ResolverFirewallDomainList {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "CreateFirewallDomainList";
    const READ: (&'static str, &'static str) = ("GetFirewallDomainList", "FirewallDomainList");
    const DELETE: &'static str = "DeleteFirewallDomainList";
    const TAGS: Option<Tags> = Some(super::TAGS);

    fn specification() -> Spec<Object> {
        let id = |l: &Object| Some(l.id.clone());
        Spec::new("aws_route53_resolver_firewall_domain_list", id, <Self as Document>::rows())
            .role(Role::Settings(Unjudged::All("names that are refused")))
            .recover(Recover::TokenTag)
            .progress(progress)
            .wait_for_deletion()
    }

    async fn of_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
        super::of_token(aws, "ListFirewallDomainLists", "FirewallDomainLists", token).await
    }

    fn key(id: &str) -> Json {
        json!({"FirewallDomainListId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "FirewallDomainList.Id")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        with_token(<Self as Document>::create(want), token)
    }

    async fn further(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let [gone, new] = change.take_texts("domains");
        for (operation, domains) in [("REMOVE", gone), ("ADD", new)] {
            for some in domains.unwrap_or_default().chunks(DOMAINS) {
                let input = json!({"FirewallDomainListId": id, "Operation": operation, "Domains": some});
                aws.write.api.call(&RESOLVER, "UpdateFirewallDomains", input).await?;
                let done = |found: Option<&Object>| found.is_none_or(|list| progress(list) == Progress::Ready);
                settle::seen::<Self>(aws, id, &format!("the domains of {id}"), done).await?;
            }
        }
        Ok(())
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        let pages = Pages("NextToken", "NextToken");
        let all = aws.read.api.list(&RESOLVER, "ListFirewallDomains", Self::key(id), pages, "Domains").await?;
        json["Domains"] = all.into();
        Ok(json)
    }
}

impl Plain for AwsRoute53ResolverFirewallRuleGroup {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "CreateFirewallRuleGroup";
    const READ: (&'static str, &'static str) = ("GetFirewallRuleGroup", "FirewallRuleGroup");
    const DELETE: &'static str = "DeleteFirewallRuleGroup";
    const TAGS: Option<Tags> = Some(super::TAGS);

    fn specification() -> Spec<Object> {
        let id = |g: &Object| Some(g.id.clone());
        Spec::new("aws_route53_resolver_firewall_rule_group", id, <Self as Document>::rows())
            .role(Role::Settings(Unjudged::None("its rules are objects of their own")))
            .recover(Recover::TokenTag)
            .progress(progress)
            .wait_for_deletion()
    }

    async fn of_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
        super::of_token(aws, "ListFirewallRuleGroups", "FirewallRuleGroups", token).await
    }

    fn key(id: &str) -> Json {
        json!({"FirewallRuleGroupId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "FirewallRuleGroup.Id")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        with_token(<Self as Document>::create(want), token)
    }
}

impl Plain for AwsRoute53ResolverFirewallRuleGroupAssociation {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "AssociateFirewallRuleGroup";
    const READ: (&'static str, &'static str) = ("GetFirewallRuleGroupAssociation", "FirewallRuleGroupAssociation");
    const UPDATE: &'static str = "UpdateFirewallRuleGroupAssociation";
    const DELETE: &'static str = "DisassociateFirewallRuleGroup";
    const TAGS: Option<Tags> = Some(super::TAGS);

    fn specification() -> Spec<Object> {
        let id = |a: &Object| Some(a.id.clone());
        Spec::new("aws_route53_resolver_firewall_rule_group_association", id, <Self as Document>::rows())
            .role(Role::Settings(Unjudged::Of("names that are refused", &["priority"])))
            .recover(Recover::TokenTag)
            .progress(progress)
            .wait_for_deletion()
    }

    async fn of_token(aws: &Aws, token: &Token) -> Result<Vec<String>> {
        super::of_token(aws, "ListFirewallRuleGroupAssociations", "FirewallRuleGroupAssociations", token).await
    }

    fn key(id: &str) -> Json {
        json!({"FirewallRuleGroupAssociationId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "FirewallRuleGroupAssociation.Id")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        with_token(<Self as Document>::create(want), token)
    }
}
