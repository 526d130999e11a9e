//! aws_vpn_connection_route: a range behind the device, for connections without BGP. AWS gives it no
//! id; it is listed with its connection.

use super::connection;
use crate::aws::{Aws, Error, Result, filter, filtered};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change, checks};
use crate::value::Value;
use aws_sdk_ec2::types::{VpnState, VpnStaticRoute};

type A = spec::A<Live>;

/// The resource type `aws_vpn_connection_route`.
pub struct AwsVpnConnectionRoute;

/// A route as listed with its connection.
pub struct Live {
    connection: String,
    destination: String,
    state: Option<VpnState>,
}

fn id(destination: &str, connection: &str) -> String {
    format!("{destination}:{connection}")
}

fn connections_of(ids: &[String]) -> Vec<String> {
    let mut all: Vec<String> = ids.iter().filter_map(|id| Some(id.rsplit_once(':')?.1.to_owned())).collect();
    all.sort();
    all.dedup();
    all
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (destination, connection) = text.rsplit_once(':')?;
    (destination.contains('/') && connection.starts_with("vpn-"))
        .then(|| vec![("destination_cidr_block", destination.into()), ("vpn_connection_id", connection.into())])
}

fn progress(l: &Live) -> Progress {
    match &l.state {
        Some(VpnState::Available) | None => Progress::Ready,
        Some(VpnState::Deleted) => Progress::Gone,
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

impl Resource for AwsVpnConnectionRoute {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new(
            "aws_vpn_connection_route",
            |l| Some(id(&l.destination, &l.connection)),
            vec![
                A::string("destination_cidr_block")
                    .required()
                    .force_new()
                    .check(checks::ipv4_cidr)
                    .read(|l| l.destination.as_str().into()),
                A::string("vpn_connection_id").required().force_new().read(|l| l.connection.as_str().into()),
            ],
        )
        .unique(&[&["vpn_connection_id", "destination_cidr_block"]])
        .progress(progress)
        .recover(Recover::Key)
        .wait_for_deletion()
        .import("DESTINATION:VPNCONNECTIONID", import)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let text = |want: &Attrs, name: &str| want.string(name).unwrap_or_default();
        let (filters, asked) = match which {
            Which::Ids(ids) => (filtered("vpn-connection-id", &connections_of(ids)), ids.to_vec()),
            Which::Token(_) => return Ok(Vec::new()),
            Which::NaturalKey(want) => {
                let connection = text(want, "vpn_connection_id");
                let filters = vec![vec![filter("vpn-connection-id", &connection)]];
                (filters, vec![id(&text(want, "destination_cidr_block"), &connection)])
            }
        };
        let found = connection::listed(aws, filters).await?;
        let all = found.iter().filter(|c| c.state() != Some(&VpnState::Deleted)).flat_map(|c| {
            let connection = c.vpn_connection_id().unwrap_or_default().to_owned();
            let live = move |r: &VpnStaticRoute| {
                let destination = r.destination_cidr_block()?.to_owned();
                Some(Live { connection: connection.clone(), destination, state: r.state().cloned() })
            };
            c.routes().iter().filter_map(live)
        });
        Ok(all.filter(|l| asked.contains(&id(&l.destination, &l.connection))).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (destination, connection) =
            (want.str("destination_cidr_block").unwrap_or_default(), want.str("vpn_connection_id").unwrap_or_default());
        let call = aws.write.ec2.create_vpn_connection_route();
        call.destination_cidr_block(destination).vpn_connection_id(connection).send().await?;
        Ok(id(destination, connection))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws
            .write
            .ec2
            .delete_vpn_connection_route()
            .set_destination_cidr_block(last.string("destination_cidr_block"))
            .set_vpn_connection_id(last.string("vpn_connection_id"));
        settle::unless_gone(call.send().await.map_err(Error::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_named_by_destination_and_connection() {
        assert_eq!(id("10.1.0.0/16", "vpn-1"), "10.1.0.0/16:vpn-1");
        assert_eq!(connections_of(&[id("10.1.0.0/16", "vpn-1"), id("10.2.0.0/16", "vpn-1")]), ["vpn-1"]);
        assert_eq!(import("10.1.0.0/16:vpn-1").map(|args| args[1].1.clone()), Some("vpn-1".into()));
        assert_eq!(import("vpn-1"), None);
    }
}
