//! aws_instance: a virtual machine. Most of it changes in place; what EC2 changes only on a stopped machine
//! is changed by stopping it and starting it again.

mod blocks;
mod disks;
mod launch;
pub mod look;
mod network;
pub mod spot;
mod update;

use super::check;
use crate::resources::block::{TextList, TextMap, switch};
use crate::resources::prelude::*;
use crate::schema::rows::Interruption;
use crate::schema::shape;
use aws_sdk_ec2::operation::modify_instance_attribute::builders::ModifyInstanceAttributeFluentBuilder as Modify;
use aws_sdk_ec2::operation::run_instances::builders::RunInstancesFluentBuilder as RunInstances;
use aws_sdk_ec2::types::{
    GroupIdentifier, InstanceMarketOptionsRequest, InstanceStateName as State, LaunchTemplateSpecification,
    MonitoringState,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
pub use disks::modified;
pub use launch::user_data;
use look::{Live, state};

/// The resource type `aws_instance`.
pub struct AwsInstance;

/// Marks an instance that a change has stopped and has to start again, whatever interrupts it.
const STOPPED_TAG: &str = "floorplan:stopped";
/// Arguments that EC2 changes only while the instance is stopped.
const STOPPED_FOR: [&str; 8] = [
    "capacity_reservation_specification",
    "ebs_optimized",
    "instance_type",
    "placement_group",
    "placement_group_id",
    "placement_partition_number",
    "user_data",
    "user_data_base64",
];

/// EC2 does not always answer it: where it does not, nothing differs.
const UNLESS_UNTOLD: Normal = Normal::With(|a, b| a.is_null() || b.is_null());
/// Interfaces may be added by others; those that the layout writes must be there.
const AMONG: Normal = Normal::With(network::among);

fn progress(live: &Live) -> Progress {
    match state(live) {
        Some(State::Running | State::Stopped) => Progress::Ready,
        Some(State::Terminated) => Progress::Gone,
        other => Progress::Pending(other.map_or("pending", State::as_str).into()),
    }
}

table! {
    Rows: Live, create RunInstances, modify Modify {
        ami = image_id: Text [.optional_computed().force_new().check(check::image)];
        arn: Text, read [.computed()];
        associate_public_ip_address: Flag, none
            [.optional_computed().force_new().normal(UNLESS_UNTOLD).read(|l| network::public(l.held()))];
        capacity_reservation_specification: OptionalBlock<blocks::Reservation> [.optional_computed()];
        cpu_core_count: Int, none [.force_new().stays()]
            [.read(|l| l.held().cpu_options().and_then(|c| c.core_count()).into())];
        cpu_options: OptionalBlock<blocks::Cpu> [.optional_computed().follows(&["instance_type"]).force_new()];
        cpu_threads_per_core: Int, none [.force_new().stays()]
            [.read(|l| l.held().cpu_options().and_then(|c| c.threads_per_core()).into())];
        credit_specification: OptionalBlock<blocks::Credit> [.optional_computed().follows(&["instance_type"])];
        disable_api_stop: Flag, read, create, modify [.optional_computed()];
        disable_api_termination: Flag, read, create, modify [.optional_computed()];
        ebs_block_device: BlockSet<disks::Other>, none
            [.optional_computed().normal(Normal::With(disks::same)).read(|l| disks::ebs(l.held()))];
        ebs_optimized: Flag, create, modify
            [.optional_computed().read(|l| l.held().ebs_optimized().unwrap_or(false).into())];
        enable_primary_ipv6: Flag, none
            [.optional_computed().force_new().read(|l| network::primary_ipv6(l.held()))];
        enclave_options: OptionalBlock<blocks::Enclave> [.optional_computed().force_new()];
        ephemeral_block_device: BlockSet<disks::Ephemeral>, none [.force_new()];
        force_destroy: Switch, none;
        get_password_data: Switch, none;
        hibernation: Flag, none [.stays().force_new()]
            [.read(|l| l.held().hibernation_options().and_then(|h| h.configured()).unwrap_or(false).into())];
        iam_instance_profile: Text, none [.optional_computed().read(|l| profile(l.held()))];
        instance_initiated_shutdown_behavior: EnumCell, create
            [.optional_computed().check(check::shutdown).read(|l| l.held().alone.shutdown.as_ref().into())];
        instance_lifecycle: EnumCell, read [.computed()];
        instance_market_options: OptionalBlock<blocks::Market>, create
            [.optional_computed().force_new().read(|l| market(l.held()))];
        instance_state: EnumCell, none [.computed().read(|l| EnumCell::get(state(l.held())))];
        instance_type: EnumCell, create
            [.optional_computed().check(check::instance_type).read(|l| instance_type(l.held()))];
        ipv6_address_count: Int, none
            [.optional_computed().empty_is_null().follows(&["ipv6_addresses"]).read(|l| network::ipv6_count(l.held()))];
        ipv6_addresses: TextList, none
            [.optional_computed().follows(&["ipv6_address_count"]).read(|l| network::ipv6_addresses(l.held()))];
        key_name: Text [.optional_computed().force_new()];
        launch_template: OptionalBlock<blocks::Template>, create [.optional_computed().force_new()]
            [.normal(Normal::With(same_template)).read(|l| template(l.held()))];
        maintenance_options: OptionalBlock<blocks::Maintenance> [.optional_computed()];
        metadata_options: OptionalBlock<blocks::Metadata> [.optional_computed()];
        monitoring: Flag, none [.optional_computed().read(|l| monitored(l.held()))];
        network_interface = network_interfaces: BlockSet<blocks::Named>, read
            [.optional_computed().force_new().normal(AMONG)];
        outpost_arn: Text, read [.computed()];
        password_data: Text, none
            [.computed().follows(&["get_password_data"]).read(|l| l.held().alone.password.as_ref().into())];
        primary_network_interface: OptionalBlock<blocks::Primary>, none [.optional_computed().force_new()]
            [.read(|l| OptionalBlock::<blocks::Primary>::get(network::primary(l.held())))];
        primary_network_interface_id: Text, none
            [.computed().read(|l| network::primary(l.held()).and_then(|n| n.network_interface_id()).into())];
        private_dns = private_dns_name: Text, read [.computed().follows(&["private_dns_name_options"])];
        private_dns_name_options: OptionalBlock<blocks::PrivateDns> [.optional_computed()];
        private_ip = private_ip_address: Text, read [.optional_computed().force_new().check(checks::ipv4_address)];
        public_dns = public_dns_name: Text, read [.computed().follows(&STOPPED_FOR)];
        public_ip = public_ip_address: Text, read [.computed().follows(&STOPPED_FOR)];
        root_block_device: OptionalBlock<disks::Root>, none [.optional_computed().read(|l| disks::root(l.held()))];
        secondary_network_interface = secondary_interfaces: BlockSet<blocks::Secondary>
            [.optional_computed().force_new().normal(UNLESS_UNTOLD)];
        secondary_private_ips: Texts, none
            [.optional_computed().read(|l| network::secondary_addresses(l.held()))];
        security_groups: Texts, none [.optional_computed().force_new().follows(&["vpc_security_group_ids"])]
            [.read(|l| groups(l.held(), |g| g.group_name()))];
        source_dest_check: Flag, none [.default(true).read(|l| l.held().source_dest_check().unwrap_or(true).into())];
        spot_instance_request_id: Text, read [.computed()];
        subnet_id: Text, read [.optional_computed().force_new()];
        user_data: Text, none [.stays().repeats(&["user_data_base64"]).check(check::user_data)]
            [.read(|l| text_of(&l.held().alone.user_data))];
        user_data_base64: Text, none
            [.optional_computed().repeats(&["user_data"]).check(check::user_data_base64)]
            [.read(|l| l.held().alone.user_data.as_ref().into())];
        user_data_replace_on_change: Switch, none;
        volume_tags: TextMap, none [.stays().read(|l| disks::volume_tags(l.held()))];
        vpc_security_group_ids: Texts, none
            [.optional_computed().read(|l| groups(l.held(), |g| g.group_id()))];
    }
}

fn groups(live: &Live, part: fn(&GroupIdentifier) -> Option<&str>) -> Value {
    Value::string_set(live.security_groups().iter().filter_map(part))
}

/// An instance that one of our changes has left stopped has no type as yet, so that the change goes on.
fn instance_type(live: &Live) -> Value {
    let stopped = live.tags().iter().any(|t| t.key() == Some(STOPPED_TAG));
    live.instance_type().filter(|_| !stopped).map(|t| t.as_str()).into()
}

fn text_of(data: &Option<String>) -> Value {
    let bytes = data.as_ref().and_then(|data| STANDARD.decode(data).ok());
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).into()
}

fn profile(live: &Live) -> Value {
    let arn = live.iam_instance_profile().and_then(|p| p.arn());
    arn.and_then(|arn| arn.rsplit('/').next()).into()
}

fn monitored(live: &Live) -> Value {
    let state = live.monitoring().and_then(|m| m.state());
    matches!(state, Some(MonitoringState::Enabled | MonitoringState::Pending)).into()
}

/// What EC2 notes of the template in tags of its own.
fn template(live: &Live) -> Value {
    let tag = |name: &str| live.tags().iter().find(|t| t.key() == Some(name)).and_then(|t| t.value());
    let of = |id: &str| {
        let version = tag("aws:ec2launchtemplate:version").map(Into::into);
        LaunchTemplateSpecification::builder().launch_template_id(id).set_version(version).build()
    };
    OptionalBlock::<blocks::Template>::get(tag("aws:ec2launchtemplate:id").map(of).as_ref())
}

/// Whether two references may be to the same template; a version such as `$Latest` is none of a number.
fn same_template(a: &Value, b: &Value) -> bool {
    if a.is_null() || b.is_null() {
        return a.is_null();
    }
    let (a, b) = (Attrs::from_value(shape::only(a)), Attrs::from_value(shape::only(b)));
    let alike = |name: &str| match (a.str(name), b.str(name)) {
        (Some(x), Some(y)) => x == y || (name == "version" && (x.starts_with('$') || y.starts_with('$'))),
        _ => true,
    };
    !a.is_unknown("id") && !a.is_unknown("version") && ["id", "name", "version"].into_iter().all(alike)
}

fn market(live: &Live) -> Value {
    let spot = live.instance_lifecycle().is_some_and(|kind| kind.as_str() == "spot");
    let market = InstanceMarketOptionsRequest::builder().market_type("spot".into()).build();
    OptionalBlock::<blocks::Market>::get(spot.then_some(&market))
}

fn replaced(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let mut all = disks::replaced(before, after);
    if after.bool("user_data_replace_on_change") == Some(true) {
        all.extend(["user_data", "user_data_base64"]);
    }
    all
}

/// What a machine is stopped for takes it out of service until it runs again.
fn interrupted(before: &Attrs, after: &Attrs) -> Option<Interruption> {
    let changed = |name: &&str| before.get(name) != after.get(name);
    let known = STOPPED_FOR.iter().copied().find(|name| changed(name) && !after.is_unknown(name));
    let attribute = known.or_else(|| STOPPED_FOR.iter().copied().find(changed))?;
    Some(Interruption { attribute, seconds: 120, failover: false })
}

fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = disks::checked(want);
    let missing = |name: &str| want.get(name).is_none_or(Value::is_null);
    if missing("launch_template") {
        for name in ["ami", "instance_type"] {
            if missing(name) {
                wrong.push((name, format!("an instance without launch_template needs {name}")));
            }
        }
    }
    for other in ["subnet_id", "private_ip", "vpc_security_group_ids", "associate_public_ip_address", "ipv6_addresses"]
    {
        for own in ["network_interface", "primary_network_interface"] {
            wrong.extend(check::both(want, own, other));
        }
    }
    wrong
}

impl Resource for AwsInstance {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let mut rows = Rows::rows::<Live>();
        rows.extend(blocks::Place::columns::<Live>());
        Spec::new("aws_instance", |l| l.instance_id().map(Into::into), rows)
            .role(Role::Member(role::Member {
                place: role::Place { zone: Some("availability_zone"), subnet: Some("subnet_id") },
                unjudged: Unjudged::Of(
                    "network and role",
                    &["vpc_security_group_ids", "security_groups", "source_dest_check", "iam_instance_profile"],
                ),
            }))
            .tags(|l| tags::read(l.tags()))
            .unique(&[&["private_ip"], &["network_interface"], &["primary_network_interface"]])
            .interrupts(interrupted)
            // While one of the VPC has a public address, its internet gateway cannot be detached.
            .implicit_after(&["aws_internet_gateway"])
            .recover(Recover::ClientToken)
            .progress(progress)
            .wait_for_deletion()
            .conflicts(&[
                &["cpu_options", "cpu_core_count"],
                &["cpu_options", "cpu_threads_per_core"],
                &["user_data", "user_data_base64"],
                &["ipv6_address_count", "ipv6_addresses"],
                &["host_id", "host_resource_group_arn"],
                &["placement_group", "placement_group_id"],
                &["network_interface", "primary_network_interface"],
                &["vpc_security_group_ids", "security_groups"],
            ])
            .replace_when(replaced)
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        look::complete(aws, look::listed(aws, tags::filters(which, "instance-id", &[])).await?).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        launch::run(aws, want, token).await
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("force_destroy") == Some(true) {
            let modify = || aws.write.ec2.modify_instance_attribute().instance_id(id);
            let on = |name: &str| last.bool(name) == Some(true);
            if on("disable_api_termination") {
                settle::unless_gone(modify().set_disable_api_termination(switch(false)).send().await)?;
            }
            if on("disable_api_stop") {
                settle::unless_gone(modify().set_disable_api_stop(switch(false)).send().await)?;
            }
        }
        if let Some(request) = last.str("spot_instance_request_id").filter(|id| !id.is_empty()) {
            let call = aws.write.ec2.cancel_spot_instance_requests().spot_instance_request_ids(request);
            settle::unless_gone(call.send().await)?;
        }
        aws.write.ec2.terminate_instances().instance_ids(id).send().await?;
        Ok(())
    }
}
