//! aws_network_acl_association: which ACL a subnet has. A subnet passes from ACL to ACL in one call,
//! never through the default one, and EC2 gives the association another id each time.

use super::acl_entries;
use crate::resources::prelude::*;
use std::slice::from_ref;

/// The resource type `aws_network_acl_association`.
pub struct AwsNetworkAclAssociation;

table! {
    Rows: Found {
        network_acl_id: Text, none [.required().read(|f| f.held().acl.as_str().into())];
        subnet_id: Text, none [.required().force_new().read(|f| f.held().subnet.as_str().into())];
    }
}

/// An association as listed.
pub struct Found {
    subnet: String,
    association: String,
    acl: String,
    vpc: String,
    default: bool,
}

const BY_ID: &str = "association.association-id";
const BY_SUBNET: &str = "association.subnet-id";

/// The associations whose id or subnet, as `name` says, is one of `values`.
async fn listed(aws: &Aws, name: &str, values: &[String]) -> Result<Vec<Found>> {
    let acls = acl_entries::listed(aws, filtered(name, values)).await?;
    let each = acls.iter().flat_map(|acl| acl.associations().iter().map(move |a| (acl, a)));
    let found = each.filter_map(|(acl, a)| {
        Some(Found {
            subnet: a.subnet_id()?.to_owned(),
            association: a.network_acl_association_id()?.to_owned(),
            acl: acl.network_acl_id()?.to_owned(),
            vpc: acl.vpc_id().unwrap_or_default().to_owned(),
            default: acl.is_default().unwrap_or(false),
        })
    });
    Ok(found.filter(|f| values.contains(&f.subnet) || values.contains(&f.association)).collect())
}

/// Gives the subnet the ACL; the id of the association.
async fn associate(aws: &Aws, subnet: &str, acl: &str) -> Result<String> {
    let found = listed(aws, BY_SUBNET, &[subnet.to_owned()]).await?;
    let Some(now) = found.first() else {
        return Err(Error::not_found(format!("no network ACL has the subnet {subnet}")));
    };
    if now.default && now.acl == acl {
        let cure = "every subnet without another has it: leave the association out";
        return Err(Error::new(Kind::Refused, format!("{acl} is the default network ACL; {cure}")));
    }
    if now.acl == acl {
        return Ok(now.association.clone());
    }
    made(acl_entries::replace_association(aws, &now.association, acl).await?.as_deref())
}

impl Resource for AwsNetworkAclAssociation {
    type Live = Found;

    fn spec() -> Spec<Found> {
        Spec::new("aws_network_acl_association", |f: &Found| Some(f.association.clone()), Rows::rows())
            .role(Role::Association(role::Association {
                followed: "network_acl_id",
                follower: "subnet_id",
                unjudged: Unjudged::All("ACL"),
            }))
            .id_follows(&["network_acl_id"])
            .holds_again(crate::resources::holds::acl_association)
            .unique(&[&["subnet_id"]])
            .recover(Recover::Key)
            .progress(|f| if f.default { Progress::Gone } else { Progress::Ready })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Found>> {
        match which {
            Which::Ids(ids) => listed(aws, BY_ID, ids).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => {
                let subnets: Vec<String> = want.string("subnet_id").into_iter().collect();
                let mut found = listed(aws, BY_SUBNET, &subnets).await?;
                found.retain(|f| want.str("network_acl_id").is_none_or(|acl| acl == f.acl));
                Ok(found)
            }
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let text = |name: &str| want.str(name).unwrap_or_default();
        associate(aws, text("subnet_id"), text("network_acl_id")).await
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(acl) = change.take("network_acl_id").and_then(Value::as_str) {
            let subnet = change.after.str("subnet_id").unwrap_or_default();
            change.new_id = Some(associate(aws, subnet, acl).await?);
        }
        Ok(())
    }

    /// One that is gone went to another ACL, and stays there.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let found = listed(aws, BY_ID, &[id.to_owned()]).await?;
        match found.iter().find(|f| !f.default) {
            Some(f) => acl_entries::give_back(aws, &f.acl, &f.vpc, Some(from_ref(&f.subnet))).await,
            None => Ok(()),
        }
    }
}
