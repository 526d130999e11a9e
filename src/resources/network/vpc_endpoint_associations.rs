//! aws_vpc_endpoint_route_table_association, aws_vpc_endpoint_subnet_association and
//! aws_vpc_endpoint_security_group_association: what an endpoint works by, as an object of its own each.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::modify_vpc_endpoint::builders::ModifyVpcEndpointFluentBuilder as Modify;
use aws_sdk_ec2::types::{State, VpcEndpoint};

/// One of the things that an endpoint works by.
pub struct Link {
    endpoint: String,
    other: String,
}

/// The id that Terraform gives it: the endpoint, and a checksum of the other.
fn id(endpoint: &str, other: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(other.as_bytes());
    format!("a-{endpoint}{}", crc.sum())
}

/// An id shows no endpoint for sure, so that those of all endpoints are read where ids are asked for.
async fn describe(aws: &Aws, which: Which<'_>, name: &str, held: fn(&VpcEndpoint) -> Vec<String>) -> Result<Vec<Link>> {
    let filters = match which {
        Which::Ids([]) | Which::Token(_) => return Ok(Vec::new()),
        Which::Ids(_) => vec![Vec::new()],
        Which::NaturalKey(want) => filtered("vpc-endpoint-id", &[want.string("vpc_endpoint_id").unwrap_or_default()]),
    };
    let asked = |l: &Link| match which {
        Which::Ids(ids) => ids.contains(&id(&l.endpoint, &l.other)),
        Which::NaturalKey(want) => want.str(name) == Some(&l.other),
        Which::Token(_) => false,
    };
    let found = listed!(aws, describe_vpc_endpoints, filters).await?;
    let there = found.iter().filter(|e| !matches!(e.state(), Some(State::Deleting | State::Deleted)));
    let links = there.flat_map(|e| {
        let endpoint = e.vpc_endpoint_id().unwrap_or_default();
        held(e).into_iter().map(move |other| Link { endpoint: endpoint.to_owned(), other })
    });
    Ok(links.filter(asked).collect())
}

fn modify(aws: &Aws, of: &Attrs) -> Modify {
    aws.write.ec2.modify_vpc_endpoint().set_vpc_endpoint_id(of.string("vpc_endpoint_id"))
}

/// The security group that AWS gives an endpoint which names none.
async fn default_group(aws: &Aws, of: &Attrs) -> Result<Option<String>> {
    if of.bool("replace_default_association") != Some(true) {
        return Ok(None);
    }
    let endpoint = filtered("vpc-endpoint-id", &[of.string("vpc_endpoint_id").unwrap_or_default()]);
    let Some(vpc) = listed!(aws, describe_vpc_endpoints, endpoint).await?.into_iter().find_map(|e| e.vpc_id) else {
        return Ok(None);
    };
    let groups = vec![vec![filter("vpc-id", &vpc), filter("group-name", "default")]];
    Ok(super::permissions::groups(aws, groups).await?.into_iter().find_map(|g| g.group_id))
}

/// The types: name, what is associated, where an endpoint holds it, the calls, the rows beyond, and the group that takes
/// its place.
macro_rules! associations {
    ($($(#[$doc:meta])* $type:ident, $name:literal, $other:ident as $form:literal, $held:expr, $add:ident $remove:ident,
        $instead:ident, $more:expr, $role:expr;)*) => {$(
        $(#[$doc])*
        pub struct $type;

        impl Resource for $type {
            type Live = Link;

            fn spec() -> Spec<Link> {
                let fixed = |name| A::string(name).required().force_new();
                let mut rows = vec![
                    fixed("vpc_endpoint_id").read(|l: &Link| (&l.endpoint).into()),
                    fixed(stringify!($other)).read(|l: &Link| (&l.other).into()),
                ];
                rows.extend($more);
                Spec::new($name, |l: &Link| Some(id(&l.endpoint, &l.other)), rows)
                    .role($role)
                    .unique(&[&["vpc_endpoint_id", stringify!($other)]])
                    .recover(Recover::Key)
                    .import($form, |text| {
                        let (endpoint, other) = text.split_once('/')?;
                        Some(vec![("vpc_endpoint_id", endpoint.into()), (stringify!($other), other.into())])
                    })
            }

            async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Link>> {
                describe(aws, which, stringify!($other), $held).await
            }

            async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
                let other = want.string(stringify!($other)).unwrap_or_default();
                let call = modify(aws, want).$add(&other);
                call.$instead(some(default_group(aws, want).await?.into_iter().collect())).send().await?;
                Ok(id(want.str("vpc_endpoint_id").unwrap_or_default(), &other))
            }

            async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
                let call = modify(aws, last).$remove(last.str(stringify!($other)).unwrap_or_default());
                let call = match default_group(aws, last).await? {
                    Some(group) => call.add_security_group_ids(group),
                    None => call,
                };
                done(call.send().await)
            }
        }
    )*};
}

associations! {
    /// The resource type `aws_vpc_endpoint_route_table_association`.
    AwsVpcEndpointRouteTableAssociation, "aws_vpc_endpoint_route_table_association",
        route_table_id as "VPCENDPOINTID/ROUTETABLEID", |e| e.route_table_ids().to_vec(),
        add_route_table_ids remove_route_table_ids, set_remove_security_group_ids,
        [], Role::OtherRoute(Unjudged::All("routes"));
    /// The resource type `aws_vpc_endpoint_subnet_association`.
    AwsVpcEndpointSubnetAssociation, "aws_vpc_endpoint_subnet_association",
        subnet_id as "VPCENDPOINTID/SUBNETID", |e| e.subnet_ids().to_vec(),
        add_subnet_ids remove_subnet_ids, set_remove_security_group_ids,
        [], Role::Endpoint(Unjudged::All("endpoints"));
    /// The resource type `aws_vpc_endpoint_security_group_association`.
    AwsVpcEndpointSecurityGroupAssociation, "aws_vpc_endpoint_security_group_association",
        security_group_id as "VPCENDPOINTID/SECURITYGROUPID",
        |e| e.groups().iter().filter_map(|g| g.group_id().map(Into::into)).collect(),
        add_security_group_ids remove_security_group_ids, set_remove_security_group_ids,
        [A::bool("replace_default_association").default(false).force_new()],
        Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("rules") });
}
