//! aws_default_network_acl: the ACL that every VPC has and that takes every subnet without another.
//! It is adopted, brought to what the layout says, and forgotten.

use super::acl_entries;
use super::network_acl::{self, Acl, Entries, read, subnets};
use crate::resources::prelude::*;
use crate::rules::acl_entry;

/// The resource type `aws_default_network_acl`.
pub struct AwsDefaultNetworkAcl;

table! {
    Rows: Acl {
        default_network_acl_id = network_acl_id: Text, read [.required().force_new()];
        ingress: Entries<true>, none [.default(acl_entry::none()).read(|a| read(a.held(), false))];
        egress: Entries<true>, none [.default(acl_entry::none()).read(|a| read(a.held(), true))];
        subnet_ids: Texts, none [.normal(Normal::With(joined)).read(|a| subnets(a.held()))];
        vpc_id: Text, read [.computed()];
        arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
    }
}

/// Whether all subnets that are wanted have this ACL. A subnet leaves it only by joining another, so that one more
/// asks for nothing.
fn joined(wanted: &Value, now: &Value) -> bool {
    let now = now.as_elements().unwrap_or(&[]);
    wanted.as_elements().unwrap_or(&[]).iter().all(|subnet| now.contains(subnet))
}

impl Resource for AwsDefaultNetworkAcl {
    type Live = Acl;

    fn spec() -> Spec<Acl> {
        Spec::new("aws_default_network_acl", network_acl::id, Rows::rows())
            .role(Role::Filter(role::Filter {
                held: false,
                unjudged: Unjudged::Of("ACL", &["ingress", "egress", "subnet_ids"]),
            }))
            .tags(|a| tags::read(a.tags()))
            .unique(&[&["default_network_acl_id"]])
            .holds_inline(acl_entry::held_inline)
            .recover(Recover::Key)
            .managed_by_aws(|want, _| if want.is_set("subnet_ids") { Vec::new() } else { vec!["subnet_ids"] })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Acl>> {
        if matches!(which, Which::Token(_)) {
            return Ok(Vec::new());
        }
        let filters = tags::filters(which, "network-acl-id", &[("network-acl-id", "default_network_acl_id")]);
        let mut found = network_acl::listed(aws, filters).await?;
        found.retain(|a| a.is_default() == Some(true));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let found = Self::describe(aws, Which::NaturalKey(want)).await?;
        found.first().and_then(network_acl::id).ok_or_else(|| {
            let id = want.str("default_network_acl_id").unwrap_or_default();
            let cure = "expected its attribute default_network_acl_id";
            Error::new(Kind::Refused, format!("{id} is not the default network ACL of a VPC; {cure}"))
        })
    }

    /// A subnet leaves the default ACL only by joining another, so those that leave are left alone.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        network_acl::update_entries(aws, id, change).await?;
        let [_, added] = change.take_texts("subnet_ids");
        acl_entries::move_subnets(aws, &added.unwrap_or_default(), id).await
    }

    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}
