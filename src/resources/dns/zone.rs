//! aws_route53_zone: a hosted zone, for everybody or for VPCs.

use super::names::{bare, same, zone_id};
use crate::resources::block::{TextList, some};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_route53::operation::create_hosted_zone::builders::CreateHostedZoneFluentBuilder as Create;
use aws_sdk_route53::types::{
    AcceleratedRecoveryStatus, ChangeAction, HostedZone, HostedZoneConfig, ResourceRecordSet, RrType, Tag,
    TagResourceType, Vpc,
};

/// The resource type `aws_route53_zone`.
pub struct AwsRoute53Zone;

/// A zone with the answers of further calls about it.
pub struct Zone {
    pub(super) zone: HostedZone,
    servers: Vec<String>,
    pub(super) vpcs: Vec<Vpc>,
    pub(super) tags: Vec<Tag>,
}

impl Zone {
    fn id(&self) -> &str {
        zone_id(self.zone.id())
    }
}

table! {
    Rows: Zone, create Create {
        arn: Text, none [.computed().read(|z| format!("arn:aws:route53:::hostedzone/{}", z.held().id()).into())];
        comment: Text, none [.default("Managed by Terraform")]
            [.read(|z| z.held().zone.config().and_then(HostedZoneConfig::comment).into())];
        delegation_set_id: Text, create [.force_new()];
        enable_accelerated_recovery: Flag, none [.optional_computed().read(|z| recovery(z.held()))];
        force_destroy: Switch, none;
        name: Text, create [.required().force_new().normal(Normal::With(same)).read(|z| bare(z.held().zone.name()).into())];
        name_servers: TextList, none [.computed().read(|z| servers(z.held()))];
        primary_name_server: Text, none [.computed().read(|z| z.held().servers.first().into())];
        vpc: BlockSet<ZoneVpc>, none [.read(|z| BlockSet::<ZoneVpc>::get(&z.held().vpcs[..]))];
        zone_id: Text, none [.computed().read(|z| z.held().id().into())];
    }
}

block! {
    /// A VPC that a zone is for.
    ZoneVpc: Vpc => Vpc {
        vpc_id: Text [.required()];
        vpc_region: EnumCell [.optional_computed()];
    }
}

fn servers(zone: &Zone) -> Value {
    let mut servers = zone.servers.clone();
    servers.sort();
    Value::strings(servers)
}

/// How many records one call changes.
const BATCH: usize = 500;

fn recovery(zone: &Zone) -> Value {
    let status = zone.zone.features().and_then(|features| features.accelerated_recovery_status());
    matches!(status, Some(AcceleratedRecoveryStatus::Enabled | AcceleratedRecoveryStatus::Enabling)).into()
}

/// The VPCs of the layout; one without a region is in that of the provider.
fn vpcs(aws: &Aws, attrs: &Attrs) -> Vec<Vpc> {
    let mut all: Vec<Vpc> = attrs.blocks("vpc").iter().map(ZoneVpc::write).collect();
    for vpc in &mut all {
        vpc.vpc_region.get_or_insert_with(|| (&*aws.region).into());
    }
    all
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

/// All records of a zone.
pub async fn records(aws: &Aws, zone: &str) -> Result<Vec<ResourceRecordSet>> {
    let mut all = Vec::new();
    let (mut name, mut kind, mut identifier) = (None, None, None);
    loop {
        let call = aws.read.route53.list_resource_record_sets().hosted_zone_id(zone).set_start_record_name(name);
        let answer = call.set_start_record_type(kind).set_start_record_identifier(identifier).send().await?;
        let more = answer.is_truncated();
        (name, kind, identifier) = (answer.next_record_name, answer.next_record_type, answer.next_record_identifier);
        all.extend(answer.resource_record_sets);
        if !more || name.is_none() {
            return Ok(all);
        }
    }
}

async fn one(aws: &Aws, id: String) -> Result<Zone> {
    let id = zone_id(&id);
    let tags = aws.read.route53.list_tags_for_resource().resource_type(TagResourceType::Hostedzone).resource_id(id);
    let zone = aws.read.route53.get_hosted_zone().id(id).send();
    let answer = zone.await?;
    let zone = answer.hosted_zone.ok_or_else(|| Error::not_found(format!("there is no zone {id:?}")))?;
    let tags = tags.send().await?.resource_tag_set.and_then(|set| set.tags).unwrap_or_default();
    let mut servers = answer.delegation_set.map(|set| set.name_servers).unwrap_or_default();
    if zone.config().is_some_and(HostedZoneConfig::private_zone) {
        // AWS gives those of a zone of VPCs in its records only.
        let named = |set: &&ResourceRecordSet| *set.r#type() == RrType::Ns && bare(set.name()) == bare(zone.name());
        let all = records(aws, id).await?;
        let own = all.iter().find(named).into_iter().flat_map(ResourceRecordSet::resource_records);
        servers = own.map(|record| record.value().to_owned()).collect();
    }
    let servers = servers.iter().map(|server| server.trim_end_matches('.').to_owned()).collect();
    Ok(Zone { zone, servers, vpcs: answer.vpcs.unwrap_or_default(), tags })
}

/// The ids of all zones that something holds for.
pub(super) async fn ids(aws: &Aws, holds: impl Fn(&HostedZone) -> bool) -> Result<Vec<String>> {
    let all = all_of(aws.read.route53.list_hosted_zones().into_paginator().items().send()).await?;
    Ok(all.iter().filter(|zone| holds(zone)).map(|zone| zone_id(zone.id()).to_owned()).collect())
}

/// All zones that something holds for, with all that Route 53 says of them.
pub(super) async fn all(aws: &Aws, holds: impl Fn(&HostedZone) -> bool) -> Result<Vec<Zone>> {
    each(ids(aws, holds).await?, |id| one(aws, id)).await
}

/// Deletes all records but the two that a zone always has.
async fn empty(aws: &Aws, id: &str) -> Result<()> {
    let all = records(aws, id).await?;
    let apex = all.iter().find(|set| *set.r#type() == RrType::Soa).map(|set| set.name().to_owned());
    let own = |set: &ResourceRecordSet| {
        matches!(set.r#type(), RrType::Soa | RrType::Ns) && Some(set.name()) == apex.as_deref()
    };
    let gone: Vec<ResourceRecordSet> = all.into_iter().filter(|set| !own(set)).collect();
    for batch in gone.chunks(BATCH) {
        super::record::change(aws, id, batch.iter().map(|set| (ChangeAction::Delete, set.clone()))).await?;
    }
    Ok(())
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
            Which::Token(token) => ids(aws, |zone| zone.caller_reference() == token.0).await?,
            Which::NaturalKey(want) => {
                let name = want.str("name").map(bare).unwrap_or_default();
                ids(aws, |zone| bare(zone.name()) == name).await?
            }
        };
        each(wanted, |id| one(aws, id)).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let first = vpcs(aws, want).into_iter().next();
        let config = HostedZoneConfig::builder().set_comment(want.string("comment")).private_zone(first.is_some());
        let call = Rows::create(aws.write.route53.create_hosted_zone(), want).caller_reference(&token.0);
        let answer = call.hosted_zone_config(config.build()).set_vpc(first).send().await?;
        let made = answer.hosted_zone.ok_or_else(|| Error::ambiguous("the answer of the create call holds no zone"))?;
        Ok(zone_id(made.id()).to_owned())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("force_destroy");
        let call = &aws.write.route53;
        if change.take("comment").is_some() {
            let comment = change.after.string("comment").unwrap_or_default();
            call.update_hosted_zone_comment().id(id).comment(comment).send().await?;
        }
        if let Some(on) = change.take_bool("enable_accelerated_recovery") {
            call.update_hosted_zone_features().hosted_zone_id(id).enable_accelerated_recovery(on).send().await?;
        }
        if change.take("vpc").is_some() {
            let (before, after) = (vpcs(aws, change.before), vpcs(aws, change.after));
            // A zone of VPCs always has one: first those that come.
            for new in after.iter().filter(|vpc| !before.contains(vpc)) {
                call.associate_vpc_with_hosted_zone().hosted_zone_id(id).vpc(new.clone()).send().await?;
            }
            for old in before.iter().filter(|vpc| !after.contains(vpc)) {
                let gone = call.disassociate_vpc_from_hosted_zone().hosted_zone_id(id).vpc(old.clone()).send().await;
                unless_gone(gone)?;
            }
        }
        let Some(tags::Retagging { set, gone }) = tags::take(change) else { return Ok(()) };
        let tags = call.change_tags_for_resource().resource_type(TagResourceType::Hostedzone).resource_id(id);
        done(tags.set_add_tags(some(tags::made(set))).set_remove_tag_keys(some(gone)).send().await)
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("force_destroy") == Some(true) {
            match empty(aws, id).await {
                Err(e) if e.kind == Kind::NotFound => return Ok(()),
                done => done?,
            }
        }
        unless_gone(aws.write.route53.delete_hosted_zone().id(id).send().await)
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
