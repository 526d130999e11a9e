//! aws_network_acl_association: which ACL a subnet has. EC2 gives it a new id with every change, so
//! the subnet's id names it here and the subnet passes from ACL to ACL in one call.

use super::acl_entries;
use crate::aws::{Aws, Error, Kind, Result, filtered};
use crate::lang::Value;
use crate::resource::schema::Recover;
use crate::resource::{Attrs, Change};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use std::slice::from_ref;

type A = spec::A<Found>;

/// See the module.
pub struct AwsNetworkAclAssociation;

/// An association as listed.
pub struct Found {
    subnet: String,
    association: String,
    acl: String,
    vpc: String,
    default: bool,
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let name = match text {
        _ if text.starts_with("aclassoc-") => "id",
        _ if text.starts_with("subnet-") => "subnet_id",
        _ => return None,
    };
    Some(vec![(name, text.into())])
}

/// The associations whose `name` is one of `values`.
async fn listed(aws: &Aws, name: &str, values: &[String]) -> Result<Vec<Found>> {
    let acls = acl_entries::listed(aws, filtered(name, values)).await?;
    let each = acls.iter().flat_map(|acl| acl.associations().iter().map(move |a| (acl, a)));
    let found = each.filter_map(|(acl, a)| {
        Some(Found {
            subnet: a.subnet_id()?.to_owned(),
            association: a.network_acl_association_id().unwrap_or_default().to_owned(),
            acl: acl.network_acl_id()?.to_owned(),
            vpc: acl.vpc_id().unwrap_or_default().to_owned(),
            default: acl.is_default().unwrap_or(false),
        })
    });
    Ok(found.filter(|f| values.contains(&f.subnet) || values.contains(&f.association)).collect())
}

impl Resource for AwsNetworkAclAssociation {
    type Live = Found;

    fn spec() -> Spec<Found> {
        let rows = vec![
            A::string("network_acl_id").required().read(|f| f.acl.as_str().into()),
            A::string("subnet_id").required().force_new().read(|f| f.subnet.as_str().into()),
        ];
        Spec::new("aws_network_acl_association", |f| Some(f.subnet.clone()), rows)
            .recover(Recover::Key)
            .import("ASSOCIATION", parse)
            .progress(|f| if f.default { Progress::Gone } else { Progress::Ready })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Found>> {
        let by_subnet = "association.subnet-id";
        match which {
            Which::Ids(ids) => listed(aws, by_subnet, ids).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::Like(want) => match (want.string("id"), want.string("subnet_id")) {
                (Some(id), None) => listed(aws, "association.association-id", from_ref(&id)).await,
                (_, subnet) => listed(aws, by_subnet, &subnet.into_iter().collect::<Vec<_>>()).await,
            },
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let subnet = want.string("subnet_id").unwrap_or_default();
        let acl = want.str("network_acl_id").unwrap_or_default();
        let found = listed(aws, "association.subnet-id", from_ref(&subnet)).await?;
        let Some(now) = found.first() else {
            return Err(Error::not_found(format!("no network ACL has the subnet {subnet}")));
        };
        if now.default && now.acl == acl {
            let cure = "every subnet without another has it: leave the association out";
            return Err(Error::new(Kind::Refused, format!("{acl} is the default network ACL; {cure}")));
        }
        if now.acl != acl {
            acl_entries::replace_association(aws, &now.association, acl).await?;
        }
        Ok(subnet)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(acl) = change.take("network_acl_id").and_then(Value::as_str) {
            acl_entries::move_subnets(aws, &[id.to_owned()], acl).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let subnet = id.to_owned();
        let found = listed(aws, "association.subnet-id", from_ref(&subnet)).await?;
        let mine = |f: &&Found| !f.default && last.str("network_acl_id").is_none_or(|acl| acl == f.acl);
        match found.iter().find(mine) {
            Some(f) => acl_entries::give_back(aws, &f.acl, &f.vpc, Some(from_ref(&subnet))).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_association_is_imported_by_its_own_id_or_by_its_subnet() {
        assert_eq!(parse("aclassoc-1"), Some(vec![("id", "aclassoc-1".into())]));
        assert_eq!(parse("subnet-1"), Some(vec![("subnet_id", "subnet-1".into())]));
        assert_eq!(parse("acl-1"), None);
    }
}
