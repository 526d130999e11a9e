//! aws_elb: a Classic Load Balancer. It has no ARN in its API; its id is its name. Most of it is changed by a call of
//! its own each.

use crate::aws::api::services::ELB;
use crate::aws::api::{Pages, items, member, member_text};
use crate::resources::document::{Document, Member, One, Unordered, document};
use crate::resources::lookup;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{Filter, SecurityGroup};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// A balancer with its attributes as the member `Attributes`.
pub struct Balancer {
    json: Json,
    tags: Vec<Json>,
    arn: String,
    source_group: Option<String>,
}

held!(Balancer: json as Json);

/// The resource type `aws_elb`.
pub struct AwsElb;

const PROTOCOLS: &[&str] = &["http", "https", "ssl", "tcp"];
/// How many names DescribeTags takes.
const TAGS_AT_ONCE: usize = 20;

document! {
    Listener {
        instance_port = "InstancePort": Int [.required().check(super::shared::port)];
        instance_protocol = "InstanceProtocol": Text [.required().check(protocol).normal(Normal::CaseInsensitive)]
            [.read(|l| lower(l.held(), "InstanceProtocol"))];
        lb_port = "LoadBalancerPort": Int [.required().check(super::shared::port)];
        lb_protocol = "Protocol": Text [.required().check(protocol).normal(Normal::CaseInsensitive)]
            [.read(|l| lower(l.held(), "Protocol"))];
        ssl_certificate_id = "SSLCertificateId": Text;
    }
}
document! {
    HealthCheck {
        healthy_threshold = "HealthyThreshold": Int [.required().check(threshold)];
        interval = "Interval": Int [.required()];
        target = "Target": Text [.required()];
        timeout = "Timeout": Int [.required()];
        unhealthy_threshold = "UnhealthyThreshold": Int [.required().check(threshold)];
    }
}
document! {
    AccessLogs {
        bucket = "S3BucketName": Text [.required()];
        bucket_prefix = "S3BucketPrefix": Text;
        enabled = "Enabled": Flag [.default(true)];
        interval = "EmitInterval": Int [.default(60)];
    }
}
document! {
    Rows {
        access_logs = "Attributes.AccessLog": One<AccessLogs> [.normal(Normal::With(same_logs))];
        availability_zones = "AvailabilityZones.member": Texts [.optional_computed().follows(&["subnets"])];
        connection_draining = "Attributes.ConnectionDraining.Enabled": Switch;
        connection_draining_timeout = "Attributes.ConnectionDraining.Timeout": Int [.default(300)];
        cross_zone_load_balancing = "Attributes.CrossZoneLoadBalancing.Enabled": Flag [.default(true)];
        desync_mitigation_mode = "": Text, none [.default("defensive").read(|b| mode(b.held()))]
            [.check(|v| checks::one_of(v, &["monitor", "defensive", "strictest"]))];
        dns_name = "DNSName": Text, read [.computed()];
        health_check = "HealthCheck": One<HealthCheck> [.stays()];
        idle_timeout = "Attributes.ConnectionSettings.IdleTimeout": Int [.default(60)];
        instances = "": Texts, none [.optional_computed().read(|b| instances(b.held()))];
        internal = "": Flag, none
            [.optional_computed().force_new().read(|b| (b.held()["Scheme"] == "internal").into())];
        listener = "Listeners.member": Unordered<Listener>, create [.count(1, None).read(|b| listeners(b.held()))];
        name = "LoadBalancerName": Text [.optional_computed().force_new().check(super::shared::name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(super::shared::name_prefix)];
        security_groups = "SecurityGroups.member": Texts [.optional_computed()];
        source_security_group = "": Text, none [.optional_computed().read(|b| source_group(b.held()))];
        subnets = "Subnets.member": Texts [.optional_computed().follows(&["availability_zones"])];
        zone_id = "CanonicalHostedZoneNameID": Text, read [.computed()];
    }
}

/// What ModifyLoadBalancerAttributes sets.
const ATTRIBUTES: [&str; 6] = [
    "access_logs",
    "connection_draining",
    "connection_draining_timeout",
    "cross_zone_load_balancing",
    "desync_mitigation_mode",
    "idle_timeout",
];
const MODE: &str = "elb.http.desyncmitigationmode";

fn protocol(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| PROTOCOLS.contains(&&*text.to_lowercase()),
        "is not a valid protocol of a balancer; expected http, https, ssl or tcp",
    )
}

fn threshold(value: &Value) -> Result<(), String> {
    checks::number(value, |n| (2..=10).contains(&n), "is not a valid threshold; expected 2 to 10")
}

fn lower(object: &Json, name: &str) -> Value {
    member_text(object, name).map(|text| text.to_lowercase()).into()
}

/// Logs that are switched off are the same as none, whatever the bucket.
fn same_logs(a: &Value, b: &Value) -> bool {
    let on = |v: &Value| crate::schema::shape::only(v).get("enabled").and_then(Value::as_bool) == Some(true);
    if on(a) || on(b) { a == b } else { true }
}

fn mode(balancer: &Json) -> Value {
    let all = items(balancer, "Attributes.AdditionalAttributes.member");
    all.iter().find(|pair| pair["Key"] == MODE).and_then(|pair| member_text(pair, "Value")).into()
}

fn instances(balancer: &Json) -> Value {
    let all = items(balancer, "Instances.member");
    Value::string_set(all.iter().filter_map(|instance| member_text(instance, "InstanceId")))
}

fn listeners(balancer: &Json) -> Value {
    let all = items(balancer, "ListenerDescriptions.member");
    let all: Vec<Json> = all.iter().filter_map(|each| member(each, "Listener").cloned()).collect();
    Unordered::<Listener>::get(&json!({ "All": all }), "All")
}

fn source_group(balancer: &Json) -> Value {
    let part = |name| member_text(balancer, &format!("SourceSecurityGroup.{name}")).filter(|text| !text.is_empty());
    part("OwnerAlias").zip(part("GroupName")).map(|(owner, name)| format!("{owner}/{name}")).into()
}

fn name(balancer: &Json) -> Option<String> {
    member_text(balancer, "LoadBalancerName")
}

fn check(want: &Attrs) -> Faults {
    let secure = |l: &Attrs| l.str("lb_protocol").is_some_and(|p| matches!(&*p.to_lowercase(), "https" | "ssl"));
    let bare = |l: &Attrs| secure(l) && !l.is_given("ssl_certificate_id");
    let idle = |l: &Attrs| l.is_set("ssl_certificate_id") && l.str("lb_protocol").is_some() && !secure(l);
    let listeners = want.blocks("listener");
    faults! {
        listeners.iter().any(bare) => "listener", "a listener of https or ssl needs ssl_certificate_id";
        listeners.iter().any(idle) => "listener", "only a listener of https or ssl takes ssl_certificate_id";
    }
}

/// Balancers with their attributes and tags.
async fn complete(aws: &Aws, found: Vec<Json>) -> Result<Vec<Balancer>> {
    let api = &aws.read.api;
    let names: Vec<String> = found.iter().filter_map(name).collect();
    let batches: Vec<Vec<String>> = names.chunks(TAGS_AT_ONCE).map(<[String]>::to_vec).collect();
    let tagged = each(batches, |names| async move {
        let answer = api.call(&ELB, "DescribeTags", json!({"LoadBalancerNames": {"member": names}})).await?;
        Ok::<_, Error>(items(&answer, "TagDescriptions.member"))
    });
    let tagged: Vec<Json> = tagged.await?.into_iter().flatten().collect();
    let tagged = &tagged;
    let balancers = each(found, |mut json| async move {
        let id = name(&json).unwrap_or_default();
        let answer = api.call(&ELB, "DescribeLoadBalancerAttributes", json!({"LoadBalancerName": id})).await?;
        json["Attributes"] = answer["LoadBalancerAttributes"].clone();
        let own = tagged.iter().find(|each| each["LoadBalancerName"] == *id);
        let tags = own.map(|each| items(each, "Tags.member")).unwrap_or_default();
        let arn =
            format!("arn:{}:elasticloadbalancing:{}:{}:loadbalancer/{id}", aws.partition, aws.region, aws.account);
        Ok::<_, Error>(Balancer { json, tags, arn, source_group: None })
    });
    with_source_groups(aws, balancers.await?).await
}

/// The ids of the groups that the balancers call from, by VPC and name.
async fn with_source_groups(aws: &Aws, mut all: Vec<Balancer>) -> Result<Vec<Balancer>> {
    let key = |b: &Balancer| member_text(&b.json, "VPCId").zip(member_text(&b.json, "SourceSecurityGroup.GroupName"));
    let keys: BTreeSet<(String, String)> = all.iter().filter_map(key).collect();
    if keys.is_empty() {
        return Ok(all);
    }
    let part = |of: fn(&(String, String)) -> &String| keys.iter().map(of).cloned().collect::<BTreeSet<_>>();
    let mut call = aws.read.ec2.describe_security_groups();
    for (name, values) in [("vpc-id", part(|k| &k.0)), ("group-name", part(|k| &k.1))] {
        call = call.filters(Filter::builder().name(name).set_values(Some(values.into_iter().collect())).build());
    }
    let groups: Vec<SecurityGroup> = all_of(call.into_paginator().items().send()).await?;
    for balancer in &mut all {
        let Some((vpc, name)) = key(balancer) else { continue };
        let found = groups.iter().find(|g| g.vpc_id() == Some(&vpc) && g.group_name() == Some(&name));
        balancer.source_group = found.and_then(|g| g.group_id.clone());
    }
    Ok(all)
}

async fn listed(aws: &Aws) -> Result<Vec<Json>> {
    let pages = Pages("Marker", "NextMarker");
    aws.read.api.list(&ELB, "DescribeLoadBalancers", json!({}), pages, "LoadBalancerDescriptions.member").await
}

/// The balancers with these names. One call names several, and fails if one of them is gone: so all are listed.
pub async fn named(aws: &Aws, names: &[String]) -> Result<Vec<Balancer>> {
    let mut found = listed(aws).await?;
    found.retain(|balancer| name(balancer).is_some_and(|name| names.contains(&name)));
    complete(aws, found).await
}

async fn call(aws: &Aws, operation: &'static str, id: &str, mut input: Json) -> Result<()> {
    input["LoadBalancerName"] = id.into();
    aws.write.api.call(&ELB, operation, input).await.map(drop)
}

impl Resource for AwsElb {
    type Live = Balancer;

    fn spec() -> Spec<Balancer> {
        let own = [
            A::string("arn").computed().read(|b: &Balancer| b.arn.as_str().into()),
            A::string("source_security_group_id").computed().read(|b| b.source_group.as_deref().into()),
        ];
        Spec::new("aws_elb", |b: &Balancer| name(&b.json), Rows::rows().into_iter().chain(own).collect())
            .role(Role::Settings(Unjudged::All("instances")))
            .own_tags(|b| tags::of(&b.tags))
            .by_name_from(super::shared::NAMELESS)
            .unique(&[&["name"]])
            // One that faces the internet is refused in a VPC without a way there.
            .implicit_after(&["aws_internet_gateway"])
            .exactly_one(&[&["availability_zones", "subnets"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Balancer>> {
        match which {
            Which::Token(token) => {
                let mut all = complete(aws, listed(aws).await?).await?;
                all.retain(|balancer| tags::hold_token(&balancer.tags, token));
                Ok(all)
            }
            _ => named(aws, &which.by("name")).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let full = Rows::create(want);
        let sent = ["AvailabilityZones", "Listeners", "LoadBalancerName", "SecurityGroups", "Subnets"];
        let mut input: serde_json::Map<String, Json> =
            sent.iter().filter_map(|name| Some(((*name).to_owned(), full.get(name)?.clone()))).collect();
        if want.bool("internal") == Some(true) {
            input.insert("Scheme".into(), "internal".into());
        }
        input.insert("Tags".into(), json!({"member": tags::marked::<Json>(want, token)}));
        aws.write.api.call(&ELB, "CreateLoadBalancer", input.into()).await?;
        made(want.str("name"))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("name_prefix");
        change.take("source_security_group");
        let names = json!({"member": [id]});
        let api = &aws.write.api;
        let set =
            |tags: Vec<Json>| api.call(&ELB, "AddTags", json!({"LoadBalancerNames": names, "Tags": {"member": tags}}));
        let unset = |keys: Vec<String>| {
            let keys: Vec<Json> = keys.into_iter().map(|key| json!({"Key": key})).collect();
            api.call(&ELB, "RemoveTags", json!({"LoadBalancerNames": names, "Tags": {"member": keys}}))
        };
        tags::change(change, set, unset).await?;
        if change.take("security_groups").is_some() {
            let groups = json!({"SecurityGroups": {"member": change.after.strings("security_groups")}});
            call(aws, "ApplySecurityGroupsToLoadBalancer", id, groups).await?;
        }
        set_places(aws, id, change).await?;
        if change.take("listener").is_some() {
            set_listeners(aws, id, change).await?;
        }
        if change.take("health_check").is_some()
            && let Some(check) = One::<HealthCheck>::put(change.after, "health_check")
        {
            call(aws, "ConfigureHealthCheck", id, json!({ "HealthCheck": check })).await?;
        }
        if change.take("instances").is_some() {
            let (gone, new) = differing(change, "instances");
            members(aws, "RegisterInstancesWithLoadBalancer", id, new).await?;
            members(aws, "DeregisterInstancesFromLoadBalancer", id, gone).await?;
        }
        if change.take_any(&ATTRIBUTES) {
            call(
                aws,
                "ModifyLoadBalancerAttributes",
                id,
                json!({ "LoadBalancerAttributes": attributes(change.after) }),
            )
            .await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        call(aws, "DeleteLoadBalancer", id, json!({})).await
    }
}

fn attributes(want: &Attrs) -> Json {
    let mut all = Rows::create(want)["Attributes"].clone();
    if all["AccessLog"].is_null() {
        all["AccessLog"] = json!({"Enabled": false});
    }
    if all["ConnectionDraining"]["Enabled"] != true {
        all["ConnectionDraining"] = json!({"Enabled": false});
    }
    let mode = json!({"Key": MODE, "Value": want.string("desync_mitigation_mode")});
    all["AdditionalAttributes"] = json!({"member": [mode]});
    all
}

/// What a list no longer has, and what it has now.
fn differing(change: &Change<'_>, name: &str) -> (Vec<String>, Vec<String>) {
    let (before, after) = (change.before.strings(name), change.after.strings(name));
    let without = |all: &[String], other: &[String]| all.iter().filter(|x| !other.contains(x)).cloned().collect();
    (without(&before, &after), without(&after, &before))
}

/// Registers or takes away instances. An instance that is gone is no longer registered.
pub async fn members(aws: &Aws, operation: &'static str, id: &str, instances: Vec<String>) -> Result<()> {
    if instances.is_empty() {
        return Ok(());
    }
    let instances: Vec<Json> = instances.into_iter().map(|id| json!({"InstanceId": id})).collect();
    call(aws, operation, id, json!({"Instances": {"member": instances}})).await
}

/// What is new comes before what goes. Where AWS takes only one subnet of a zone, the old one goes first.
async fn set_places(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    for (argument, member, add, take) in [
        ("subnets", "Subnets", "AttachLoadBalancerToSubnets", "DetachLoadBalancerFromSubnets"),
        (
            "availability_zones",
            "AvailabilityZones",
            "EnableAvailabilityZonesForLoadBalancer",
            "DisableAvailabilityZonesForLoadBalancer",
        ),
    ] {
        if change.take(argument).is_none() || change.after.elements(argument).is_empty() {
            continue;
        }
        let (gone, new) = differing(change, argument);
        let input = |all: &[String]| json!({ member: {"member": all} });
        let added = match new.is_empty() {
            true => Ok(()),
            false => call(aws, add, id, input(&new)).await,
        };
        if !gone.is_empty() {
            call(aws, take, id, input(&gone)).await?;
        }
        if added.is_err() {
            call(aws, add, id, input(&new)).await?;
        }
    }
    Ok(())
}

/// Another certificate is set in place. Any other change of a listener is a new one on its port.
async fn set_listeners(aws: &Aws, id: &str, change: &Change<'_>) -> Result<()> {
    let (before, after) = (change.before.blocks("listener"), change.after.blocks("listener"));
    let port = |l: &Attrs| l.int("lb_port");
    let same = |a: &Attrs, b: &Attrs, names: &[&str]| {
        let text = |l: &Attrs, name: &str| l.str(name).map(str::to_lowercase);
        port(a) == port(b)
            && a.int("instance_port") == b.int("instance_port")
            && names.iter().all(|name| text(a, name) == text(b, name))
    };
    const PROTOCOLS: [&str; 2] = ["lb_protocol", "instance_protocol"];
    const ALL: [&str; 3] = ["lb_protocol", "instance_protocol", "ssl_certificate_id"];
    let renewed = |new: &Attrs| {
        new.is_set("ssl_certificate_id")
            && before
                .iter()
                .any(|old| old.is_set("ssl_certificate_id") && same(old, new, &PROTOCOLS) && !same(old, new, &ALL))
    };
    for listener in after.iter().filter(|new| renewed(new)) {
        let input =
            json!({"LoadBalancerPort": port(listener), "SSLCertificateId": listener.string("ssl_certificate_id")});
        call(aws, "SetLoadBalancerListenerSSLCertificate", id, input).await?;
    }
    let stays = |old: &Attrs| after.iter().any(|new| same(old, new, &ALL) || (renewed(new) && port(new) == port(old)));
    let gone: Vec<_> = before.iter().filter(|old| !stays(old)).filter_map(port).collect();
    if !gone.is_empty() {
        call(aws, "DeleteLoadBalancerListeners", id, json!({"LoadBalancerPorts": {"member": gone}})).await?;
    }
    let new = after.iter().filter(|new| !renewed(new) && !before.iter().any(|old| same(old, new, &ALL)));
    let new: Vec<Json> = new.map(Listener::create).collect();
    if !new.is_empty() {
        call(aws, "CreateLoadBalancerListeners", id, json!({"Listeners": {"member": new}})).await?;
    }
    Ok(())
}

/// data aws_elb: a balancer by name.
pub struct ElbData;

impl DataSource for ElbData {
    fn schema() -> Schema {
        let mut rows =
            super::data::answers(AwsElb::spec().schema, &["id", "region", "tags"], &["name_prefix", "tags_all"]);
        for row in rows.iter_mut().filter(|row| row.name == "name") {
            row.mode = crate::schema::Mode::Required;
        }
        lookup::schema("aws_elb", rows)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = lookup::here(aws, config);
        let found = lookup::one(named(&aws, &[config.string("name").unwrap_or_default()]).await?, "balancer")?;
        let rows = Self::schema().attributes;
        Ok(super::data::answered(config, &rows, AwsElb::spec().read(&found), &aws.region))
    }
}
