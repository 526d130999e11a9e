//! aws_s3_bucket_website_configuration: a bucket as a website.

use super::configuration::{self, Configuration, Configured, Place, ask, call};
use super::places;
use super::website_rules::{Rule, document as rules_as_json, rules_of};
use crate::aws::api::items;
use crate::resources::document::{Document, Many, One, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// A bucket as a website.
pub struct Website;

/// The website and the domain of all websites of its region.
pub struct Site {
    found: Json,
    domain: String,
}

impl Holds<Json> for Configured<Site> {
    fn held(&self) -> &Json {
        &self.found.found
    }
}

const RULES: &str = "routing_rules";
const ROOT: &str = "WebsiteConfiguration";
/// Where a website has its rules.
const ROUTES: &str = "RoutingRules.RoutingRule";
/// The call that asks for a website.
pub const GET: &str = "GetBucketWebsite GET /?website";

document! {
    ErrorDocument {
        key = "Key": Text [.required()];
    }
}
document! {
    IndexDocument {
        suffix = "Suffix": Text [.required()];
    }
}
document! {
    Redirect {
        host_name = "HostName": Text [.required()];
        protocol = "Protocol": Text [.check(|v| checks::one_of(v, &["http", "https"]))];
    }
}
document! {
    /// All of a website.
    Pages {
        error_document = "ErrorDocument": One<ErrorDocument>;
        index_document = "IndexDocument": One<IndexDocument>;
        redirect_all_requests_to = "RedirectAllRequestsTo": One<Redirect>;
        routing_rule = "RoutingRules.RoutingRule": Many<Rule>;
    }
}

impl Configuration for Website {
    type Found = Site;
    const TYPE: &'static str = "aws_s3_bucket_website_configuration";

    fn rows() -> Vec<A<Configured<Site>>> {
        let domain = |c: &Configured<Site>| c.found.domain.as_str().into();
        let endpoint = |c: &Configured<Site>| format!("{}.{}", c.place.bucket, c.found.domain).into();
        let own = [
            configuration::owner(),
            A::string(RULES)
                .optional_computed()
                .normal(Normal::Json)
                .read(|c: &Configured<Site>| rules_as_json(&items(&c.found.found, ROUTES)).into()),
            A::string("website_domain").computed().read(domain),
            A::string("website_endpoint").computed().read(endpoint),
        ];
        own.into_iter().chain(Pages::rows()).collect()
    }

    /// The rules are given as blocks or as JSON.
    fn more(spec: Spec<Configured<Site>>) -> Spec<Configured<Site>> {
        let spec = spec.conflicts(&[&[RULES, "routing_rule"]]);
        spec.managed_by_aws(|want, _| ["routing_rule"].into_iter().filter(|name| want.lacks_block(name)).collect())
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Site> {
        let found = ask(aws, place, GET).await?;
        Ok(Site { found, domain: places::website_domain(aws) })
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let mut site = Pages::create(want);
        if let Some(text) = text(want, RULES).filter(|_| want.blocks("routing_rule").is_empty()) {
            site["RoutingRules"] = some(rules_of(&text)?).map(|rules| json!({"RoutingRule": rules})).into();
        }
        call(aws, place, "PutBucketWebsite PUT /?website", json!({ROOT: site})).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(call(aws, place, "DeleteBucketWebsite DELETE /?website", json!({})).await)
    }
}
