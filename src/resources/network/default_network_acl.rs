//! aws_default_network_acl: the ACL that every VPC has and that takes every subnet without another.
//! It is adopted, brought to what the layout says, and forgotten.

use super::acl_entries;
use super::network_acl::{self, Acl, common_rows, entry_blocks, texts};
use crate::aws::{Aws, Error, Kind, Result, filtered};
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::rules::acl_entry;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};

type A = spec::A<Acl>;

/// The resource type `aws_default_network_acl`.
pub struct AwsDefaultNetworkAcl;

impl Resource for AwsDefaultNetworkAcl {
    type Live = Acl;

    fn spec() -> Spec<Acl> {
        let [ingress, egress] = entry_blocks();
        let mut rows = vec![
            A::string("default_network_acl_id").required().force_new().read(|a| a.acl.network_acl_id().into()),
            ingress.default(acl_entry::none()),
            egress.default(acl_entry::none()),
            network_acl::subnet_ids(),
            A::string("vpc_id").computed().read(|a| a.acl.vpc_id().into()),
        ];
        rows.extend(common_rows());
        Spec::new("aws_default_network_acl", network_acl::id, rows)
            .unique(&[&["default_network_acl_id"]])
            .holds_inline(acl_entry::held_inline)
            .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Acl>> {
        let ids = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => want.string("default_network_acl_id").into_iter().collect(),
        };
        let mut found = network_acl::listed(aws, filtered("network-acl-id", &ids)).await?;
        found.retain(|a| a.acl.is_default() == Some(true));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let id = want.str("default_network_acl_id").unwrap_or_default();
        match Self::describe(aws, Which::NaturalKey(want)).await?.is_empty() {
            false => Ok(id.to_owned()),
            true => Err(Error::new(
                Kind::Refused,
                format!("{id} is not the default network ACL of a VPC; expected its attribute default_network_acl_id"),
            )),
        }
    }

    /// A subnet leaves the default ACL only by joining another, so those that leave are left alone.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        network_acl::update_entries(aws, id, change).await?;
        if let Some((_, added)) = change.take_elements("subnet_ids") {
            acl_entries::move_subnets(aws, &texts(&added), id).await?;
        }
        Ok(())
    }

    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}
