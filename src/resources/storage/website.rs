//! aws_s3_bucket_website_configuration: a bucket as a website.

use super::configuration::{self, Configuration, Configured, Place, at};
use super::places;
use super::website_rules::{Rule, document, rules_of};
use crate::resources::prelude::*;
use aws_sdk_s3::operation::get_bucket_website::GetBucketWebsiteOutput;
use aws_sdk_s3::types::{
    ErrorDocument as S3ErrorDocument, IndexDocument as S3IndexDocument, RedirectAllRequestsTo, WebsiteConfiguration,
};

/// A bucket as a website.
pub struct Website;

/// The website and the domain of all websites of its region.
pub struct Site {
    found: GetBucketWebsiteOutput,
    domain: String,
}

impl Holds<GetBucketWebsiteOutput> for Configured<Site> {
    fn held(&self) -> &GetBucketWebsiteOutput {
        &self.found.found
    }
}

const RULES: &str = "routing_rules";

block! {
    /// The page for errors.
    ErrorDocument: S3ErrorDocument => S3ErrorDocument, ok {
        key: Text [.required()];
    }
    /// The page of a folder.
    IndexDocument: S3IndexDocument => S3IndexDocument, ok {
        suffix: Text [.required()];
    }
    /// Where all requests go.
    Redirect: RedirectAllRequestsTo => RedirectAllRequestsTo, ok {
        host_name: Text [.required()];
        protocol: EnumCell [.check(|v| checks::one_of(v, &["http", "https"]))];
    }
    /// All of a website.
    Pages: GetBucketWebsiteOutput => WebsiteConfiguration {
        error_document: OptionalBlock<ErrorDocument>;
        index_document: OptionalBlock<IndexDocument>;
        redirect_all_requests_to: OptionalBlock<Redirect>;
        routing_rule = routing_rules: BlockList<Rule>;
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
                .read(|c: &Configured<Site>| document(c.found.found.routing_rules()).into()),
            A::string("website_domain").computed().read(domain),
            A::string("website_endpoint").computed().read(endpoint),
        ];
        own.into_iter().chain(Pages::columns()).collect()
    }

    /// The rules are given as blocks or as JSON.
    fn more(spec: Spec<Configured<Site>>) -> Spec<Configured<Site>> {
        let spec = spec.conflicts(&[&[RULES, "routing_rule"]]);
        spec.managed_by_aws(|want, _| ["routing_rule"].into_iter().filter(|name| want.lacks_block(name)).collect())
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Site> {
        let found = at!(place, aws.read.s3.get_bucket_website()).send().await?;
        Ok(Site { found, domain: places::website_domain(aws) })
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let mut site = Pages::write(want);
        if let Some(text) = text(want, RULES).filter(|_| want.blocks("routing_rule").is_empty()) {
            site.routing_rules = some(rules_of(&text)?);
        }
        let call = at!(place, aws.write.s3.put_bucket_website());
        done(call.website_configuration(site).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(at!(place, aws.write.s3.delete_bucket_website()).send().await)
    }
}
