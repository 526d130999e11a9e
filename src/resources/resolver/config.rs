//! aws_route53_resolver_config: whether a network has rules for reverse look-ups of its own ranges. Every network has one.

use crate::aws::api::services::RESOLVER;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_route53_resolver_config`.
    pub AwsRoute53ResolverConfig {
        autodefined_reverse_flag = "AutodefinedReverseFlag": Text, create, modify
            [.required().check(|v| checks::one_of(v, &["DISABLE", "ENABLE"])).read(|c| flag(c.held()))];
        owner_id = "OwnerId": Text, read [.computed()];
        resource_id = "ResourceId": Text [.required().force_new()];
    }
}

fn flag(config: &Json) -> Value {
    let word = member_text(config, "AutodefinedReverse").unwrap_or_default();
    if word.starts_with("ENABL") { "ENABLE" } else { "DISABLE" }.into()
}

impl Plain for AwsRoute53ResolverConfig {
    const SERVICE: &'static Service = &RESOLVER;
    const CREATE: &'static str = "UpdateResolverConfig";
    const READ: (&'static str, &'static str) = ("GetResolverConfig", "ResolverConfig");
    const UPDATE: &'static str = "UpdateResolverConfig";
    const DELETE: &'static str = "";
    const NAME: &'static str = "resource_id";

    fn specification() -> Spec<Object> {
        let id = |c: &Object| Some(c.id.clone());
        Spec::new("aws_route53_resolver_config", id, <Self as Document>::rows())
            .role(Role::Settings(Unjudged::None("it is about names of addresses")))
            .unique(&[&["resource_id"]])
            .recover(Recover::Key)
            .progress(|c| state(c, "AutodefinedReverse", &["ENABLING", "DISABLING"], &[], &[]))
    }

    fn key(id: &str) -> Json {
        json!({"ResourceId": id})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("resource_id")
    }

    /// It stays with its network.
    async fn before_delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<bool> {
        Ok(false)
    }
}
