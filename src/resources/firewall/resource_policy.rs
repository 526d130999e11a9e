//! aws_networkfirewall_resource_policy: who else may use a policy or a group of rules. Its id is their ARN.

use crate::aws::api::Service;
use crate::aws::api::services::FIREWALL;
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_networkfirewall_resource_policy`.
    pub AwsNetworkfirewallResourcePolicy {
        policy = "Policy": Text, read, create, modify [.required().normal(Normal::Policy).check(checks::policy)];
        resource_arn = "ResourceArn": Text [.required().force_new()];
    }
}

impl Plain for AwsNetworkfirewallResourcePolicy {
    const SERVICE: &'static Service = &FIREWALL;
    const CREATE: &'static str = "PutResourcePolicy";
    const READ: (&'static str, &'static str) = ("DescribeResourcePolicy", "");
    const UPDATE: &'static str = "PutResourcePolicy";
    const DELETE: &'static str = "DeleteResourcePolicy";
    const NAME: &'static str = "resource_arn";

    fn specification() -> Spec<Object> {
        Spec::new("aws_networkfirewall_resource_policy", |p: &Object| Some(p.id.clone()), <Self as Document>::rows())
            .role(Role::NotServing("it says who else may use what is there"))
            .unique(&[&["resource_arn"]])
            .recover(Recover::Key)
    }

    fn key(id: &str) -> Json {
        json!({"ResourceArn": id})
    }

    fn id(want: &Attrs, _answer: &Json) -> Option<String> {
        want.string("resource_arn")
    }
}
