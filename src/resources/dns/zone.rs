//! aws_route53_zone: a hosted zone, for everybody or for VPCs.

use super::calls::{pages, retag, tags_of};
use super::names::{bare, same, zone_id};
use crate::aws::api::services::ROUTE53;
use crate::aws::api::{items, member, member_text};
use crate::resources::block::TextList;
use crate::resources::document::{Unordered, at, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_route53_zone`.
pub struct AwsRoute53Zone;

/// A zone with the answers of further calls about it.
pub struct Zone {
    pub(super) zone: Json,
    servers: Vec<String>,
    pub(super) vpcs: Vec<Json>,
    pub(super) tags: Vec<Json>,
}

impl Zone {
    fn id(&self) -> &str {
        id(&self.zone)
    }
}

/// The id of a zone.
pub(super) fn id(zone: &Json) -> &str {
    zone_id(zone["Id"].as_str().unwrap_or_default())
}

/// The name of a zone or of a record, as Route 53 writes it.
pub(super) fn name(named: &Json) -> &str {
    named["Name"].as_str().unwrap_or_default()
}

/// Whether a zone is for VPCs alone.
pub(super) fn is_private(zone: &Json) -> bool {
    member_text(zone, "Config.PrivateZone").as_deref() == Some("true")
}

/// The kind of its tags.
const KIND: &str = "hostedzone";

table! {
    Rows: Zone {
        arn: Text, none [.computed().read(|z| format!("arn:aws:route53:::hostedzone/{}", z.held().id()).into())];
        comment: Text, none [.default("Managed by Terraform")]
            [.read(|z| member_text(&z.held().zone, "Config.Comment").into())];
        delegation_set_id: Text, none [.force_new()];
        enable_accelerated_recovery: Flag, none [.optional_computed().read(|z| recovery(z.held()))];
        force_destroy: Switch, none;
        name: Text, none
            [.required().force_new().normal(Normal::With(same)).read(|z| bare(name(&z.held().zone)).into())];
        name_servers: TextList, none [.computed().read(|z| servers(z.held()))];
        primary_name_server: Text, none [.computed().read(|z| z.held().servers.first().into())];
        vpc: Unordered<ZoneVpc>, none
            [.read(|z| at::<Unordered<ZoneVpc>>(&json!({"VPCs": z.held().vpcs}), "VPCs"))];
        zone_id: Text, none [.computed().read(|z| z.held().id().into())];
    }
}

document! {
    /// A VPC that a zone is for.
    ZoneVpc {
        vpc_id = "VPCId": Text [.required()];
        vpc_region = "VPCRegion": Text [.optional_computed()];
    }
}

/// A VPC as Route 53 takes it.
pub(super) fn vpc(region: &str, id: &str) -> Json {
    json!({"VPCRegion": region, "VPCId": id})
}

fn servers(zone: &Zone) -> Value {
    let mut servers = zone.servers.clone();
    servers.sort();
    Value::strings(servers)
}

/// How many records one call changes.
const BATCH: usize = 500;

fn recovery(zone: &Zone) -> Value {
    let status = member_text(&zone.zone, "Features.AcceleratedRecoveryStatus");
    matches!(status.as_deref(), Some("ENABLED" | "ENABLING")).into()
}

/// The VPCs of the layout; one without a region is in that of the provider.
fn vpcs(aws: &Aws, attrs: &Attrs) -> Vec<Json> {
    let of = |block: &Attrs| {
        let region = text(block, "vpc_region").unwrap_or_else(|| aws.region.to_string());
        vpc(&region, block.str("vpc_id").unwrap_or_default())
    };
    attrs.blocks("vpc").iter().map(of).collect()
}

fn private(attrs: &Attrs) -> bool {
    attrs.is_unknown("vpc") || !attrs.blocks("vpc").is_empty()
}

fn check(want: &Attrs) -> Faults {
    faults! {
        want.is_set("delegation_set_id") && private(want) => "delegation_set_id",
            "a zone of VPCs has no delegation set";
    }
}

/// A zone is for VPCs or for everybody from its beginning to its end.
fn replace_when(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    if private(before) == private(after) { Vec::new() } else { vec!["vpc"] }
}

/// The call that lists records.
pub(super) const RECORDS: &str = "ListResourceRecordSets GET /2013-04-01/hostedzone/{Id}/rrset";

/// The records in the answer of a listing.
pub(super) fn records_of(answer: &Json) -> Vec<Json> {
    items(answer, "ListResourceRecordSetsResponse.ResourceRecordSets.ResourceRecordSet")
}

/// All records of a zone.
pub async fn records(aws: &Aws, zone: &str) -> Result<Vec<Json>> {
    let mut all = Vec::new();
    let mut input = json!({"Id": zone});
    loop {
        let answer = aws.read.api.call(&ROUTE53, RECORDS, input).await?;
        let next = |name: &str| member_text(&answer, &format!("ListResourceRecordSetsResponse.{name}"));
        let (more, from) = (next("IsTruncated"), next("NextRecordName"));
        all.extend(records_of(&answer));
        if more.as_deref() != Some("true") || from.is_none() {
            return Ok(all);
        }
        let (kind, identifier) = (next("NextRecordType"), next("NextRecordIdentifier"));
        input = json!({"Id": zone, "name": from, "type": kind, "identifier": identifier});
    }
}

/// A zone, its VPCs and its name servers, as they are answered.
pub(super) async fn found(aws: &Aws, id: &str) -> Result<Json> {
    let mut answer =
        aws.read.api.call(&ROUTE53, "GetHostedZone GET /2013-04-01/hostedzone/{Id}", json!({"Id": id})).await?;
    Ok(answer["GetHostedZoneResponse"].take())
}

async fn one(aws: &Aws, id: String) -> Result<Zone> {
    let id = zone_id(&id);
    let answer = found(aws, id).await?;
    let missing = || Error::not_found(format!("the zone {id:?} was not found"));
    let zone = member(&answer, "HostedZone").cloned().ok_or_else(missing)?;
    let tags = tags_of(aws, KIND, id).await?;
    let mut servers = items(&answer, "DelegationSet.NameServers.NameServer");
    if is_private(&zone) {
        // AWS gives those of a zone of VPCs in its records only.
        let named = |set: &&Json| set["Type"] == "NS" && bare(name(set)) == bare(name(&zone));
        let all = records(aws, id).await?;
        let own = all.iter().find(named).map(|set| items(set, "ResourceRecords.ResourceRecord")).unwrap_or_default();
        servers = own.into_iter().map(|mut record| record["Value"].take()).collect();
    }
    let servers = servers.iter().filter_map(Json::as_str);
    let servers = servers.map(|server| server.trim_end_matches('.').to_owned()).collect();
    Ok(Zone { zone, servers, vpcs: items(&answer, "VPCs.VPC"), tags })
}

/// The ids of all zones that something holds for.
pub(super) async fn ids(aws: &Aws, holds: impl Fn(&Json) -> bool) -> Result<Vec<String>> {
    let (call, next) = ("ListHostedZones GET /2013-04-01/hostedzone", pages("ListHostedZonesResponse.NextMarker"));
    let path = "ListHostedZonesResponse.HostedZones.HostedZone";
    let all = aws.read.api.list(&ROUTE53, call, json!({}), next, path).await?;
    Ok(all.iter().filter(|zone| holds(zone)).map(|zone| id(zone).to_owned()).collect())
}

/// All zones that something holds for, with all that Route 53 says of them.
pub(super) async fn all(aws: &Aws, holds: impl Fn(&Json) -> bool) -> Result<Vec<Zone>> {
    each(ids(aws, holds).await?, |id| one(aws, id)).await
}

/// Deletes all records but the two that a zone always has.
async fn empty(aws: &Aws, id: &str) -> Result<()> {
    let all = records(aws, id).await?;
    let apex = all.iter().find(|set| set["Type"] == "SOA").map(|set| name(set).to_owned());
    let own = |set: &Json| (set["Type"] == "SOA" || set["Type"] == "NS") && Some(name(set)) == apex.as_deref();
    let gone: Vec<Json> = all.into_iter().filter(|set| !own(set)).collect();
    for batch in gone.chunks(BATCH) {
        super::record::change(aws, id, batch.iter().map(|set| ("DELETE", set.clone()))).await?;
    }
    Ok(())
}

/// Joins a VPC to a zone.
pub(super) async fn associate(aws: &Aws, zone: &str, vpc: &Json) -> Result<()> {
    let call = "AssociateVPCWithHostedZone POST /2013-04-01/hostedzone/{Id}/associatevpc";
    let input = json!({"Id": zone, "AssociateVPCWithHostedZoneRequest": {"VPC": vpc}});
    done(aws.write.api.call(&ROUTE53, call, input).await)
}

/// Takes a VPC from a zone.
pub(super) async fn disassociate(aws: &Aws, zone: &str, vpc: &Json) -> Result<()> {
    let call = "DisassociateVPCFromHostedZone POST /2013-04-01/hostedzone/{Id}/disassociatevpc";
    let input = json!({"Id": zone, "DisassociateVPCFromHostedZoneRequest": {"VPC": vpc}});
    done(aws.write.api.call(&ROUTE53, call, input).await)
}

impl Resource for AwsRoute53Zone {
    type Live = Zone;

    fn spec() -> Spec<Zone> {
        Spec::new("aws_route53_zone", |z| Some(z.id().to_owned()), Rows::rows::<Zone>())
            .role(Role::Name(Unjudged::Of("names", &["vpc"])))
            .own_tags(|z| tags::of(&z.tags))
            .global()
            .replace_when(replace_when)
            .check(check)
    }

    /// The reference of the caller is what AWS knows a zone by that was made and whose answer was lost.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Zone>> {
        let wanted = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(token) => ids(aws, |zone| zone["CallerReference"] == token.0.as_str()).await?,
            Which::NaturalKey(want) => {
                let wanted = want.str("name").map(bare).unwrap_or_default();
                ids(aws, |zone| bare(name(zone)) == wanted).await?
            }
        };
        each(wanted, |id| one(aws, id)).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let first = vpcs(aws, want).into_iter().next();
        let input = json!({
            "Name": text(want, "name"),
            "HostedZoneConfig": {"Comment": want.string("comment"), "PrivateZone": first.is_some()},
            "VPC": first,
            "CallerReference": token.0,
            "DelegationSetId": text(want, "delegation_set_id"),
        });
        let (call, input) = ("CreateHostedZone POST /2013-04-01/hostedzone", json!({"CreateHostedZoneRequest": input}));
        let answer = aws.write.api.call(&ROUTE53, call, input).await?;
        made(member(&answer, "CreateHostedZoneResponse.HostedZone").map(id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("force_destroy");
        let zone = zone_id(id);
        let call = |operation, root: &str, input: Json| {
            aws.write.api.call(&ROUTE53, operation, json!({"Id": zone, root: input}))
        };
        if change.take("comment").is_some() {
            let comment = change.after.string("comment").unwrap_or_default();
            let operation = "UpdateHostedZoneComment POST /2013-04-01/hostedzone/{Id}";
            call(operation, "UpdateHostedZoneCommentRequest", json!({"Comment": comment})).await?;
        }
        if let Some(on) = change.take_bool("enable_accelerated_recovery") {
            let operation = "UpdateHostedZoneFeatures POST /2013-04-01/hostedzone/{Id}/features";
            call(operation, "UpdateHostedZoneFeaturesRequest", json!({"EnableAcceleratedRecovery": on})).await?;
        }
        if change.take("vpc").is_some() {
            let (before, after) = (vpcs(aws, change.before), vpcs(aws, change.after));
            // A zone of VPCs always has one: first those that come.
            for new in after.iter().filter(|vpc| !before.contains(vpc)) {
                associate(aws, zone, new).await?;
            }
            for old in before.iter().filter(|vpc| !after.contains(vpc)) {
                unless_gone(disassociate(aws, zone, old).await)?;
            }
        }
        retag(aws, KIND, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("force_destroy") == Some(true) {
            match empty(aws, id).await {
                Err(e) if e.kind == Kind::NotFound => return Ok(()),
                done => done?,
            }
        }
        let call = "DeleteHostedZone DELETE /2013-04-01/hostedzone/{Id}";
        unless_gone(aws.write.api.call(&ROUTE53, call, json!({"Id": zone_id(id)})).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_stays_public_or_private() {
        let block = |id: &str| Value::object([("vpc_id", Value::from(id)), ("vpc_region", "eu-west-1".into())]);
        let of = |ids: &[&str]| {
            let all = ids.iter().map(|id| block(id)).collect();
            Attrs::default().with("vpc", Value::tuple(all))
        };
        assert_eq!(replace_when(&of(&["vpc-1"]), &of(&["vpc-1", "vpc-2"])), [""; 0]);
        assert_eq!(replace_when(&of(&["vpc-1"]), &of(&[])), ["vpc"]);
        assert_eq!(replace_when(&of(&[]), &of(&["vpc-1"])), ["vpc"]);
        assert_eq!(check(&of(&["vpc-1"]).with("delegation_set_id", "N1")).len(), 1);
    }
}
