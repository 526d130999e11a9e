//! aws_eip_association: an elastic address on an instance or an interface, where the address itself is
//! made elsewhere. Everything about it needs a new one.

use crate::resources::network::eip;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::associate_address::builders::AssociateAddressFluentBuilder as Create;
use aws_sdk_ec2::types::Address;

/// The resource type `aws_eip_association`.
pub struct AwsEipAssociation;

table! {
    Rows: Address, create Create {
        allocation_id: Text [.optional_computed().force_new()];
        allow_reassociation: Flag, create;
        instance_id: Text [.optional_computed().force_new()];
        network_interface_id: Text [.optional_computed().force_new()];
        private_ip_address: Text [.optional_computed().force_new().check(checks::ipv4_address)];
        public_ip: Text [.optional_computed().force_new().check(checks::ipv4_address)];
    }
}

/// By what an address is found: the filter, and the argument.
const ALLOCATION: (&str, &str) = ("allocation-id", "allocation_id");
const PUBLIC: (&str, &str) = ("public-ip", "public_ip");

fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let problem = "an association needs instance_id or network_interface_id";
    checks::any_given(want, &["instance_id", "network_interface_id"], problem)
}

impl Resource for AwsEipAssociation {
    type Live = Address;

    fn spec() -> Spec<Address> {
        Spec::new("aws_eip_association", |a| a.association_id().map(Into::into), Rows::rows::<Address>())
            .role(Role::Address(Unjudged::All("addresses")))
            .holds_again(crate::resources::holds::address_association)
            .unique(&[&["allocation_id"], &["public_ip"]])
            .recover(Recover::Key)
            .exactly_one(&[&["allocation_id", "public_ip"]])
            .implicit_after(&["aws_internet_gateway"])
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Address>> {
        let by = |want: &Attrs| if text(want, "allocation_id").is_some() { ALLOCATION } else { PUBLIC };
        let filters = match which {
            Which::NaturalKey(want) => tags::filters(which, "", &[by(want)]),
            _ => tags::filters(which, "association-id", &[]),
        };
        let found = eip::listed(aws, filters).await?.into_iter();
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
        let answer = Rows::create(aws.write.ec2.associate_address(), want).send().await?;
        made(answer.association_id())
    }

    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("allow_reassociation");
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.disassociate_address().association_id(id).send().await.map(drop)?)
    }
}
