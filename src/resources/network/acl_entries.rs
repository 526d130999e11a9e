//! Network ACLs, their rules and their subnets on the way to EC2 and back. A rule is changed in
//! place, and a subnet passes from one ACL to the next, never through none.

use crate::resources::prelude::*;
use crate::rules::acl_entry::{AclEntry, Entries, LAST_NUMBER, protocol, protocol_number};
use aws_sdk_ec2::types::{
    Filter, IcmpTypeCode, NetworkAcl, NetworkAclAssociation, NetworkAclEntry, PortRange, RuleAction,
};

/// The ACLs that meet these filters.
pub async fn listed(aws: &Aws, batches: Vec<Vec<Filter>>) -> Result<Vec<NetworkAcl>> {
    listed!(aws, describe_network_acls, batches).await
}

/// What EC2 lists of a rule, without AWS's closing rules: number and content.
pub fn entry(e: &NetworkAclEntry) -> Option<(i32, AclEntry)> {
    let number = e.rule_number().filter(|n| (1..=LAST_NUMBER).contains(n))?;
    let protocol = protocol(e.protocol()?);
    let int = |n: Option<i32>| n.unwrap_or(0);
    let ports = e.port_range().map(|p| (int(p.from()), int(p.to())));
    let icmp = e.icmp_type_code().map(|c| (int(c.r#type()), int(c.code())));
    Some((
        number,
        AclEntry {
            action: e.rule_action()?.as_str().to_owned(),
            cidr: e.cidr_block().map(Into::into),
            ipv6_cidr: e.ipv6_cidr_block().map(Into::into),
            ports: matches!(protocol.as_str(), "tcp" | "udp").then(|| ports.unwrap_or_default()),
            icmp: matches!(protocol.as_str(), "icmp" | "icmpv6").then(|| icmp.unwrap_or_default()),
            protocol,
        },
    ))
}

/// The rules of an ACL in one direction.
pub fn entries(acl: &NetworkAcl, egress: bool) -> Entries {
    acl.entries().iter().filter(|e| e.egress() == Some(egress)).filter_map(entry).collect()
}

/// CreateNetworkAclEntry and ReplaceNetworkAclEntry take the same arguments by builders of different types.
macro_rules! with_entry {
    ($call:expr, $acl:expr, $egress:expr, $number:expr, $entry:expr) => {{
        let AclEntry { protocol, action, cidr, ipv6_cidr, ports, icmp } = $entry.clone();
        $call
            .network_acl_id($acl)
            .egress($egress)
            .rule_number($number)
            .protocol(protocol_number(&protocol))
            .rule_action(RuleAction::from(action.as_str()))
            .set_cidr_block(cidr)
            .set_ipv6_cidr_block(ipv6_cidr)
            .set_port_range(ports.map(|(from, to)| PortRange::builder().from(from).to(to).build()))
            .set_icmp_type_code(icmp.map(|(kind, code)| IcmpTypeCode::builder().r#type(kind).code(code).build()))
    }};
}

/// Adds a rule.
pub async fn add(aws: &Aws, acl: &str, egress: bool, number: i32, entry: &AclEntry) -> Result<()> {
    with_entry!(aws.write.ec2.create_network_acl_entry(), acl, egress, number, entry).send().await?;
    Ok(())
}

/// Changes a rule in place.
pub async fn replace(aws: &Aws, acl: &str, egress: bool, number: i32, entry: &AclEntry) -> Result<()> {
    with_entry!(aws.write.ec2.replace_network_acl_entry(), acl, egress, number, entry).send().await?;
    Ok(())
}

/// Takes a rule away; one that is gone is a success.
pub async fn remove(aws: &Aws, acl: &str, egress: bool, number: i32) -> Result<()> {
    let call = aws.write.ec2.delete_network_acl_entry().network_acl_id(acl).egress(egress).rule_number(number);
    match call.send().await.map_err(Error::from) {
        Err(e) if e.is("InvalidNetworkAclEntry.NotFound") => Ok(()),
        done => done.map(drop),
    }
}

/// Brings the rules of one direction from `before` to `after`: new and changed ones in the order in
/// which AWS asks them, so that what is asked first is there first; then what is left over.
pub async fn change(aws: &Aws, acl: &str, egress: bool, before: &Entries, after: &Entries) -> Result<()> {
    for (number, entry) in after {
        let done = match before.get(number) {
            Some(old) if old == entry => Ok(()),
            Some(_) => replace(aws, acl, egress, *number, entry).await,
            None => add(aws, acl, egress, *number, entry).await,
        };
        match done {
            Err(e) if e.kind == Kind::Exists => replace(aws, acl, egress, *number, entry).await?,
            Err(e) if e.is("InvalidNetworkAclEntry.NotFound") => add(aws, acl, egress, *number, entry).await?,
            done => done?,
        }
    }
    for number in before.keys().filter(|number| !after.contains_key(number)) {
        remove(aws, acl, egress, *number).await?;
    }
    Ok(())
}

/// The associations of these subnets, whichever ACL holds them now, in as few calls as possible.
pub async fn associations(aws: &Aws, subnets: &[String]) -> Result<Vec<NetworkAclAssociation>> {
    let acls = listed(aws, filtered("association.subnet-id", subnets)).await?;
    let all = acls.iter().flat_map(NetworkAcl::associations);
    let wanted = |a: &&NetworkAclAssociation| a.subnet_id().is_some_and(|s| subnets.iter().any(|w| w == s));
    Ok(all.filter(wanted).cloned().collect())
}

/// Hands the associations over to the ACL `to`; whether none went elsewhere meanwhile. Those that it holds already
/// are left alone.
pub async fn hand_over(aws: &Aws, associations: &[NetworkAclAssociation], to: &str) -> Result<bool> {
    let mut all = true;
    for association in associations.iter().filter(|a| a.network_acl_id() != Some(to)) {
        let id = association.network_acl_association_id().unwrap_or_default();
        all &= replace_association(aws, id, to).await?.is_some();
    }
    Ok(all)
}

/// Hands one association over to the ACL `to`; gives its new id. One that is gone went elsewhere
/// meanwhile, which the next look shows.
pub async fn replace_association(aws: &Aws, association: &str, to: &str) -> Result<Option<String>> {
    let call = aws.write.ec2.replace_network_acl_association().network_acl_id(to).association_id(association);
    match call.send().await.map_err(Error::from) {
        Err(e) if e.is("InvalidAssociationID.NotFound") => Ok(None),
        done => Ok(done?.new_association_id),
    }
}

/// How often a subnet is looked for that another ACL takes or gives away at the same moment.
const LOOKS: usize = 5;

/// Moves these subnets to the ACL `to`.
pub async fn move_subnets(aws: &Aws, subnets: &[String], to: &str) -> Result<()> {
    if subnets.is_empty() {
        return Ok(());
    }
    for _ in 0..LOOKS {
        let found = associations(aws, subnets).await?;
        let missing: Vec<&str> =
            subnets.iter().map(String::as_str).filter(|s| !found.iter().any(|a| a.subnet_id() == Some(s))).collect();
        if !missing.is_empty() {
            return Err(Error::not_found(format!("no network ACL has the subnet {}", missing.join(", "))));
        }
        if hand_over(aws, &found, to).await? {
            return Ok(());
        }
    }
    Err(Error::new(Kind::Refused, "other network ACLs take the subnets away again; apply again when nothing does"))
}

/// Gives the subnets that the ACL `from` still holds back to the default ACL of its VPC: all, or
/// those of `only`.
pub async fn give_back(aws: &Aws, from: &str, vpc: &str, only: Option<&[String]>) -> Result<()> {
    let acls = listed(aws, vec![vec![filter("vpc-id", vpc)]]).await?;
    let default = acls.iter().find(|acl| acl.is_default() == Some(true)).and_then(NetworkAcl::network_acl_id);
    let held = acls.iter().find(|acl| acl.network_acl_id() == Some(from)).map_or(&[][..], NetworkAcl::associations);
    let mine =
        |a: &&NetworkAclAssociation| only.is_none_or(|only| a.subnet_id().is_some_and(|s| only.iter().any(|o| o == s)));
    let held: Vec<NetworkAclAssociation> = held.iter().filter(mine).cloned().collect();
    match default {
        // What went elsewhere meanwhile is not to be given back.
        Some(default) => hand_over(aws, &held, default).await.map(|_| ()),
        None if held.is_empty() => Ok(()),
        None => Err(Error::not_found(format!("{vpc} has no default network ACL to give subnets back to"))),
    }
}
