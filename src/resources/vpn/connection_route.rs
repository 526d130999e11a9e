//! aws_vpn_connection_route: a range behind the device, for connections without BGP. AWS gives it no
//! id; it is listed with its connection.

use super::connection;
use super::listed::{self, In};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_vpn_connection_route::builders::CreateVpnConnectionRouteFluentBuilder as Create;
use aws_sdk_ec2::types::{VpnState, VpnStaticRoute};

/// The resource type `aws_vpn_connection_route`.
pub struct AwsVpnConnectionRoute;

/// A route as listed with its connection.
type Live = In<VpnStaticRoute>;

table! {
    Rows: Live, create Create {
        destination_cidr_block: Text [.required().force_new().check(checks::ipv4_cidr)];
        vpn_connection_id: Text, read(whole), create [.required().force_new()];
    }
}

static KEY: Composite = Composite::new(&["destination_cidr_block", "vpn_connection_id"], ":").marked(&["/", "vpn-"]);

impl Resource for AwsVpnConnectionRoute {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_vpn_connection_route", &KEY, Rows::rows::<Live>())
            .role(Role::TunnelRoute(role::TunnelRoute {
                tunnel: "vpn_connection_id",
                unjudged: Unjudged::All("routes"),
            }))
            .progress(|l| listed::progress(l.state()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let found =
            connection::listed(aws, filtered("vpn-connection-id", &which.parts(&KEY, "vpn_connection_id"))).await?;
        let held = found.iter().filter(|c| c.state() != Some(&VpnState::Deleted));
        let all = held.flat_map(|c| {
            c.routes().iter().map(|route| In::new(c.vpn_connection_id().unwrap_or_default(), route.clone()))
        });
        Ok(all.collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        Rows::create(aws.write.ec2.create_vpn_connection_route(), want).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_vpn_connection_route();
        let call = call.set_destination_cidr_block(last.string("destination_cidr_block"));
        settle::unless_gone(call.set_vpn_connection_id(last.string("vpn_connection_id")).send().await)
    }
}
