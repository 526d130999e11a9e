//! aws_eip_association: an elastic address on an instance or an interface, where the address itself is
//! made elsewhere. Everything about it needs a new one.

use crate::aws::{Aws, Error, Result, filtered, made};
use crate::resources::block::text;
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, checks};
use aws_sdk_ec2::types::Address;
use futures::future::try_join_all;

type A = spec::A<Address>;

/// The resource type `aws_eip_association`.
pub struct AwsEipAssociation;

fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let given = |name: &str| want.get(name).is_some_and(|v| !v.is_null());
    if given("instance_id") || given("network_interface_id") {
        return Vec::new();
    }
    vec![("instance_id", "an association needs instance_id or network_interface_id".into())]
}

impl Resource for AwsEipAssociation {
    type Live = Address;

    fn spec() -> Spec<Address> {
        let fixed = |name| A::string(name).optional_computed().force_new();
        let rows = vec![
            fixed("allocation_id").read(|a| a.allocation_id().into()),
            A::bool("allow_reassociation"),
            fixed("instance_id").read(|a| a.instance_id().filter(|id| !id.is_empty()).into()),
            fixed("network_interface_id").read(|a| a.network_interface_id().filter(|id| !id.is_empty()).into()),
            fixed("private_ip_address").check(checks::ipv4_address).read(|a| a.private_ip_address().into()),
            fixed("public_ip").check(checks::ipv4_address).read(|a| a.public_ip().into()),
        ];
        Spec::new("aws_eip_association", |a| a.association_id().map(Into::into), rows)
            .holds_again(crate::resources::holds::address_association)
            .unique(&[&["allocation_id"], &["public_ip"]])
            .recover(Recover::Key)
            .exactly_one(&[&["allocation_id", "public_ip"]])
            .implicit_after(&["aws_internet_gateway"])
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Address>> {
        let one = |name: &str, value: Option<String>| filtered(name, &value.into_iter().collect::<Vec<_>>());
        let filters = match which {
            Which::Ids(ids) => filtered("association-id", ids),
            Which::NaturalKey(want) => match text(want, "allocation_id") {
                Some(id) => one("allocation-id", Some(id)),
                None => one("public-ip", text(want, "public_ip")),
            },
            Which::Token(_) => Vec::new(),
        };
        let answers = filters.into_iter().map(|f| async {
            let answer = aws.read.ec2.describe_addresses().set_filters(Some(f)).send().await?;
            Ok::<_, Error>(answer.addresses.unwrap_or_default())
        });
        let found = try_join_all(answers).await?.into_iter().flatten();
        let here = |a: &Address| match which {
            // An address that is on something else is not this association.
            Which::NaturalKey(want) => {
                let same = |name: &str, held: Option<&str>| text(want, name).is_none_or(|w| Some(w.as_str()) == held);
                same("instance_id", a.instance_id()) && same("network_interface_id", a.network_interface_id())
            }
            _ => true,
        };
        Ok(found.filter(|a| a.association_id().is_some()).filter(here).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .associate_address()
            .set_allocation_id(text(want, "allocation_id"))
            .set_public_ip(text(want, "public_ip"))
            .set_instance_id(text(want, "instance_id"))
            .set_network_interface_id(text(want, "network_interface_id"))
            .set_private_ip_address(text(want, "private_ip_address"))
            .set_allow_reassociation(want.bool("allow_reassociation"))
            .send()
            .await?;
        made(answer.association_id())
    }

    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("allow_reassociation");
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.disassociate_address().association_id(id).send().await?;
        Ok(())
    }
}
