//! aws_instance: a virtual machine. Most of it changes in place; what EC2 changes only on a stopped machine
//! is changed by stopping it and starting it again.

mod blocks;
mod disks;
mod launch;
pub mod look;
mod network;
mod update;

use super::check;
use crate::aws::{Aws, Result, filtered};
use crate::resources::block::{Block, Cell, EnumCell, Get, OptionalBlock};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::rows::{Interruption, Recover, object_type};
use crate::schema::{Attrs, Change, Nesting, checks};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{InstanceStateName as State, MonitoringState, Placement};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
pub use disks::modified;
use look::{Live, state};

type A = spec::A<Live>;

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

/// What EC2 does not always tell is not a difference where it does not.
const UNLESS_UNTOLD: Normal = Normal::With(|a, b| a.is_null() || b.is_null());
/// Interfaces may be added by others; those that the layout writes must be there.
const AMONG: Normal = Normal::With(network::among);

fn placement(live: &Live) -> Option<&Placement> {
    live.instance.placement()
}

fn progress(live: &Live) -> Progress {
    match state(&live.instance) {
        Some(State::Running | State::Stopped) => Progress::Ready,
        Some(State::Terminated) => Progress::Gone,
        other => Progress::Pending(other.map_or("pending", State::as_str).into()),
    }
}

/// An instance that one of our changes has left stopped has no type as yet, so that the change goes on.
fn instance_type(live: &Live) -> Value {
    let stopped = live.instance.tags().iter().any(|t| t.key() == Some(STOPPED_TAG));
    live.instance.instance_type().filter(|_| !stopped).map(|t| t.as_str()).into()
}

fn text_of(data: &Option<String>) -> Value {
    let bytes = data.as_ref().and_then(|data| STANDARD.decode(data).ok());
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).into()
}

fn profile(live: &Live) -> Value {
    let arn = live.instance.iam_instance_profile().and_then(|p| p.arn());
    arn.and_then(|arn| arn.rsplit('/').next()).into()
}

fn monitored(live: &Live) -> Value {
    let state = live.instance.monitoring().and_then(|m| m.state());
    matches!(state, Some(MonitoringState::Enabled | MonitoringState::Pending)).into()
}

/// What EC2 notes of the template in tags of its own.
fn template(live: &Live) -> Value {
    let tag = |name: &str| live.instance.tags().iter().find(|t| t.key() == Some(name)).and_then(|t| t.value());
    match tag("aws:ec2launchtemplate:id") {
        Some(id) => Value::object([
            ("id", Value::from(id)),
            ("name", Value::null(Type::String)),
            ("version", tag("aws:ec2launchtemplate:version").into()),
        ]),
        None => Value::null(object_type(&blocks::Template::rows())),
    }
}

/// Whether two references may be to the same template; a version such as `$Latest` is none of a number.
fn same_template(a: &Value, b: &Value) -> bool {
    if a.is_null() || b.is_null() {
        return a.is_null();
    }
    let (a, b) = (Attrs::from_value(a), Attrs::from_value(b));
    let alike = |name: &str| match (a.str(name), b.str(name)) {
        (Some(x), Some(y)) => x == y || (name == "version" && (x.starts_with('$') || y.starts_with('$'))),
        _ => true,
    };
    !a.is_unknown("id") && !a.is_unknown("version") && ["id", "name", "version"].into_iter().all(alike)
}

fn market(live: &Live) -> Value {
    match live.instance.instance_lifecycle() {
        Some(kind) if kind.as_str() == "spot" => Value::object([
            ("market_type", Value::from("spot")),
            ("spot_options", Value::null(object_type(&blocks::Spot::rows()))),
        ]),
        _ => Value::null(object_type(&blocks::Market::rows())),
    }
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
        let [tags, tags_all] = A::tags(|l| tags::read(l.instance.tags()));
        let fixed = |name| A::string(name).optional_computed().force_new();
        let switch = |name| A::bool(name).default(false);
        let one_of_tenancies = |v: &Value| checks::one_of(v, &["", "default", "dedicated", "host"]);
        let rows = vec![
            fixed("ami").check(check::image).read(|l| l.instance.image_id().into()),
            A::bool("associate_public_ip_address")
                .optional_computed()
                .force_new()
                .normal(UNLESS_UNTOLD)
                .read(network::public),
            fixed("availability_zone").read(|l| placement(l).and_then(Placement::availability_zone).into()),
            OptionalBlock::<blocks::Reservation>::column("capacity_reservation_specification")
                .optional_computed()
                .read(|l| OptionalBlock::<blocks::Reservation>::get(l.instance.capacity_reservation_specification())),
            OptionalBlock::<blocks::Cpu>::column("cpu_options")
                .optional_computed()
                .follows(&["instance_type"])
                .force_new()
                .read(|l| OptionalBlock::<blocks::Cpu>::get(l.instance.cpu_options())),
            OptionalBlock::<blocks::Credit>::column("credit_specification")
                .optional_computed()
                .follows(&["instance_type"])
                .read(|l| OptionalBlock::<blocks::Credit>::get(l.credits.as_ref())),
            A::bool("disable_api_stop").optional_computed().read(|l| l.alone.run.into()),
            A::bool("disable_api_termination").optional_computed().read(|l| l.alone.keep.into()),
            A::block("ebs_block_device", Nesting::Set, disks::ebs_rows())
                .optional_computed()
                .normal(Normal::With(disks::same))
                .read(disks::ebs),
            A::bool("ebs_optimized").optional_computed().read(|l| l.instance.ebs_optimized().unwrap_or(false).into()),
            A::bool("enable_primary_ipv6").optional_computed().force_new().read(network::primary_ipv6),
            OptionalBlock::<blocks::Enclave>::column("enclave_options")
                .optional_computed()
                .force_new()
                .read(|l| OptionalBlock::<blocks::Enclave>::get(l.instance.enclave_options())),
            A::block("ephemeral_block_device", Nesting::Set, disks::ephemeral_rows()).force_new(),
            switch("force_destroy"),
            switch("get_password_data"),
            A::bool("hibernation")
                .optional_computed()
                .force_new()
                .read(|l| l.instance.hibernation_options().and_then(|h| h.configured()).unwrap_or(false).into()),
            fixed("host_id").read(|l| placement(l).and_then(Placement::host_id).into()),
            fixed("host_resource_group_arn").read(|l| placement(l).and_then(Placement::host_resource_group_arn).into()),
            A::string("iam_instance_profile").optional_computed().read(profile),
            A::string("instance_initiated_shutdown_behavior")
                .optional_computed()
                .check(check::shutdown)
                .read(|l| l.alone.shutdown.as_ref().into()),
            OptionalBlock::<blocks::Market>::column("instance_market_options")
                .optional_computed()
                .force_new()
                .read(market),
            A::string("instance_type").optional_computed().check(check::instance_type).read(instance_type),
            A::number("ipv6_address_count").optional_computed().follows(&["ipv6_addresses"]).read(network::ipv6_count),
            A::string_list("ipv6_addresses")
                .optional_computed()
                .follows(&["ipv6_address_count"])
                .read(network::ipv6_addresses),
            fixed("key_name").read(|l| l.instance.key_name().into()),
            OptionalBlock::<blocks::Template>::column("launch_template")
                .optional_computed()
                .force_new()
                .normal(Normal::With(same_template))
                .read(template),
            OptionalBlock::<blocks::Maintenance>::column("maintenance_options")
                .optional_computed()
                .read(|l| OptionalBlock::<blocks::Maintenance>::get(l.instance.maintenance_options())),
            OptionalBlock::<blocks::Metadata>::column("metadata_options")
                .optional_computed()
                .read(|l| OptionalBlock::<blocks::Metadata>::get(l.instance.metadata_options())),
            A::bool("monitoring").optional_computed().read(monitored),
            A::block("network_interface", Nesting::Set, network::interface_rows())
                .optional_computed()
                .force_new()
                .normal(AMONG)
                .read(network::interfaces),
            A::string("placement_group")
                .optional_computed()
                .follows(&["placement_group_id"])
                .read(|l| placement(l).and_then(Placement::group_name).into()),
            A::string("placement_group_id")
                .optional_computed()
                .follows(&["placement_group"])
                .read(|l| placement(l).and_then(Placement::group_id).into()),
            A::number("placement_partition_number")
                .optional_computed()
                .read(|l| placement(l).and_then(Placement::partition_number).into()),
            A::optional_block("primary_network_interface", network::primary_rows())
                .optional_computed()
                .force_new()
                .read(network::primary_block),
            OptionalBlock::<blocks::PrivateDns>::column("private_dns_name_options")
                .optional_computed()
                .read(|l| OptionalBlock::<blocks::PrivateDns>::get(l.instance.private_dns_name_options())),
            fixed("private_ip").check(checks::ipv4_address).read(|l| l.instance.private_ip_address().into()),
            A::optional_block("root_block_device", disks::root_rows()).optional_computed().read(disks::root),
            A::block("secondary_network_interface", Nesting::List, blocks::Secondary::rows())
                .optional_computed()
                .force_new()
                .normal(UNLESS_UNTOLD),
            A::string_set("secondary_private_ips").optional_computed().read(network::secondary_addresses),
            A::string_set("security_groups")
                .optional_computed()
                .force_new()
                .follows(&["vpc_security_group_ids"])
                .read(|l| Value::string_set(l.instance.security_groups().iter().filter_map(|g| g.group_name()))),
            A::bool("source_dest_check").default(true).read(|l| l.instance.source_dest_check().unwrap_or(true).into()),
            fixed("subnet_id").read(|l| l.instance.subnet_id().into()),
            fixed("tenancy")
                .check(one_of_tenancies)
                .read(|l| placement(l).and_then(Placement::tenancy).map(|t| t.as_str()).into()),
            A::string("user_data")
                .optional_computed()
                .repeats(&["user_data_base64"])
                .check(check::user_data)
                .read(|l| text_of(&l.alone.user_data)),
            A::string("user_data_base64")
                .optional_computed()
                .repeats(&["user_data"])
                .check(check::user_data_base64)
                .read(|l| l.alone.user_data.as_ref().into()),
            switch("user_data_replace_on_change"),
            A::of("volume_tags", Type::map(Type::String)).optional_computed().read(disks::volume_tags),
            A::string_set("vpc_security_group_ids")
                .optional_computed()
                .read(|l| Value::string_set(l.instance.security_groups().iter().filter_map(|g| g.group_id()))),
            A::string("arn").computed().read(|l| l.arn.as_str().into()),
            A::string("instance_lifecycle").computed().read(|l| EnumCell::get(l.instance.instance_lifecycle())),
            A::string("instance_state").computed().read(|l| EnumCell::get(state(&l.instance))),
            A::string("outpost_arn").computed().read(|l| l.instance.outpost_arn().into()),
            A::string("password_data")
                .computed()
                .follows(&["get_password_data"])
                .read(|l| l.alone.password.as_ref().into()),
            A::string("primary_network_interface_id")
                .computed()
                .read(|l| network::primary(l).and_then(|n| n.network_interface_id()).into()),
            A::string("private_dns")
                .computed()
                .follows(&["private_dns_name_options"])
                .read(|l| l.instance.private_dns_name().into()),
            A::string("public_dns").computed().follows(&STOPPED_FOR).read(|l| l.instance.public_dns_name().into()),
            A::string("public_ip").computed().follows(&STOPPED_FOR).read(|l| l.instance.public_ip_address().into()),
            A::string("spot_instance_request_id").computed().read(|l| l.instance.spot_instance_request_id().into()),
            tags,
            tags_all,
        ];
        Spec::new("aws_instance", |l| l.instance.instance_id().map(Into::into), rows)
            .unique(&[&["private_ip"], &["network_interface"], &["primary_network_interface"]])
            .interrupts(interrupted)
            // While one of the VPC has a public address, its internet gateway cannot be detached.
            .implicit_after(&["aws_internet_gateway"])
            .recover(Recover::ClientToken)
            .progress(progress)
            .wait_for_deletion()
            .conflicts(&[
                &["user_data", "user_data_base64"],
                &["ipv6_address_count", "ipv6_addresses"],
                &["host_id", "host_resource_group_arn"],
                &["placement_group", "placement_group_id"],
                &["network_interface", "primary_network_interface"],
                &["security_groups", "vpc_security_group_ids"],
            ])
            .replace_when(replaced)
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = match which {
            Which::Ids(ids) => filtered("instance-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(_) => Vec::new(),
        };
        look::complete(aws, look::listed(aws, filters).await?).await
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
            if last.bool("disable_api_termination") == Some(true) {
                settle::unless_gone(modify().disable_api_termination(update::truth(false)).send().await)?;
            }
            if last.bool("disable_api_stop") == Some(true) {
                settle::unless_gone(modify().disable_api_stop(update::truth(false)).send().await)?;
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
