//! aws_ec2_subnet_cidr_reservation: a part of a subnet's range that AWS does not give to interfaces by itself.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_subnet_cidr_reservation::builders::CreateSubnetCidrReservationFluentBuilder as Create;
use aws_sdk_ec2::types::SubnetCidrReservation as Reservation;

/// The resource type `aws_ec2_subnet_cidr_reservation`.
pub struct AwsEc2SubnetCidrReservation;

table! {
    Rows: Reservation, create Create {
        cidr_block = cidr: Text [.required().force_new().normal(Normal::Cidr)];
        description: Text [.force_new()];
        owner_id: Text, read [.computed()];
        reservation_type: EnumCell
            [.required().force_new().check(|v| checks::one_of(v, &["prefix", "explicit"]))];
        subnet_id: Text [.required().force_new()];
    }
}

async fn of_subnet(aws: &Aws, subnet: String) -> Result<Vec<Reservation>> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let call = aws.read.ec2.get_subnet_cidr_reservations().subnet_id(&subnet).set_next_token(next);
        let page = call.send().await?;
        all.extend(page.subnet_ipv4_cidr_reservations.unwrap_or_default());
        all.extend(page.subnet_ipv6_cidr_reservations.unwrap_or_default());
        next = page.next_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(all);
        }
    }
}

impl Resource for AwsEc2SubnetCidrReservation {
    type Live = Reservation;

    fn spec() -> Spec<Reservation> {
        let id = |r: &Reservation| r.subnet_cidr_reservation_id().map(Into::into);
        Spec::new("aws_ec2_subnet_cidr_reservation", id, Rows::rows())
            .role(Role::NotServing("it keeps addresses free"))
            .unique(&[&["subnet_id", "cidr_block"]])
            .recover(Recover::Key)
            .import("SUBNETID:RESERVATIONID", |text| {
                let (subnet, _) = text.split_once(':')?;
                Some(vec![("subnet_id", subnet.into()), ("id", text.split_once(':')?.1.into())])
            })
    }

    /// AWS lists reservations by their subnet, which an id does not show: where ids are asked for, those of all subnets.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Reservation>> {
        let subnets: Vec<String> = match which {
            Which::Ids([]) | Which::Token(_) => Vec::new(),
            Which::Ids(_) => {
                let all = super::subnet::listed(aws, vec![Vec::new()]).await?;
                all.into_iter().filter_map(|s| s.subnet_id).collect()
            }
            Which::NaturalKey(want) => want.string("subnet_id").into_iter().collect(),
        };
        let found = each(subnets, |subnet| of_subnet(aws, subnet)).await?;
        let asked = |r: &Reservation| match which {
            Which::Ids(ids) => r.subnet_cidr_reservation_id().is_some_and(|id| ids.iter().any(|one| one == id)),
            Which::Token(_) => false,
            Which::NaturalKey(want) => {
                let fits = |name: &str, now: Option<&str>| want.str(name).is_none_or(|wanted| Some(wanted) == now);
                fits("id", r.subnet_cidr_reservation_id()) && fits("cidr_block", r.cidr())
            }
        };
        Ok(found.into_iter().flatten().filter(asked).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let answer = Rows::create(aws.write.ec2.create_subnet_cidr_reservation(), want).send().await?;
        made(answer.subnet_cidr_reservation().and_then(Reservation::subnet_cidr_reservation_id))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_subnet_cidr_reservation().subnet_cidr_reservation_id(id).send().await)
    }
}
