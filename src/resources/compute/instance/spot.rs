//! aws_spot_instance_request: an instance that is asked for at a price, and runs once AWS has room for it.

use super::{AwsInstance, disks, launch};
use crate::resources::block::TimestampCell;
use crate::resources::prelude::*;
use crate::schema::checks::advice;
use aws_sdk_ec2::operation::request_spot_instances::builders::RequestSpotInstancesFluentBuilder as Create;
use aws_sdk_ec2::types::{
    IamInstanceProfileSpecification, Instance, InstanceStateName as InstanceState, RequestSpotLaunchSpecification,
    ResourceType, RunInstancesMonitoringEnabled, SpotInstanceRequest, SpotInstanceState as State, SpotPlacement,
};
use std::sync::Arc;

/// The resource type `aws_spot_instance_request`.
pub struct AwsSpotInstanceRequest;

/// A request as listed, with its instance once it has one.
pub struct Live {
    request: SpotInstanceRequest,
    instance: Option<Instance>,
    arn: String,
}

held!(Live: request as SpotInstanceRequest);

impl Live {
    /// Whether its instance is there. A cancelled request stays until then, or a run that was killed between the two
    /// calls of its end would leave the instance behind.
    fn runs(&self) -> bool {
        let ended = |state: &InstanceState| matches!(state, InstanceState::ShuttingDown | InstanceState::Terminated);
        self.instance.as_ref().and_then(super::look::state).is_some_and(|state| !ended(state))
    }
}

table! {
    Rows: SpotInstanceRequest, create Create {
        instance_interruption_behavior: EnumCell
            [.default("terminate").force_new().check(|v| checks::one_of(v, &["hibernate", "stop", "terminate"]))];
        launch_group: Text [.force_new()];
        spot_bid_status: Text, none [.computed().read(|r| r.held().status().and_then(|s| s.code()).into())];
        spot_instance_id = instance_id: Text, read [.computed()];
        spot_price: Text [.optional_computed().force_new().normal(Normal::With(same_price))];
        spot_request_state = state: EnumCell, read [.computed()];
        spot_type = r#type: EnumCell, none
            [.default("persistent").force_new().check(|v| checks::one_of(v, &["one-time", "persistent"]))]
            [.read(|r| EnumCell::get(r.held().r#type()))];
        valid_from: TimestampCell [.optional_computed().force_new().check(super::check::moment)];
        valid_until: TimestampCell [.optional_computed().force_new().check(super::check::moment)];
        wait_for_fulfillment: Switch, none;
    }
}

/// AWS gives a price back with six decimals.
fn same_price(wanted: &Value, now: &Value) -> bool {
    let price = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok());
    price(wanted).is_some() && price(wanted) == price(now)
}

/// How long room is waited for, in seconds.
const LONGEST: u32 = 600;

/// What an instance has and a request does not.
const NOT_ASKED: [&str; 9] = [
    "cpu_core_count",
    "cpu_threads_per_core",
    "id",
    "instance_lifecycle",
    "instance_market_options",
    "region",
    "spot_instance_request_id",
    "tags",
    "tags_all",
];
/// What AWS does not take with a request; Terraform's provider leaves it out without a word.
const NOT_TAKEN: [&str; 11] = [
    "capacity_reservation_specification",
    "cpu_options",
    "credit_specification",
    "disable_api_stop",
    "disable_api_termination",
    "enclave_options",
    "hibernation",
    "launch_template",
    "maintenance_options",
    "metadata_options",
    "private_dns_name_options",
];
/// What changes without a new request, as it bears on nothing that AWS keeps.
const OURS: [&str; 5] =
    ["force_destroy", "get_password_data", "user_data_replace_on_change", "volume_tags", "wait_for_fulfillment"];

/// What the request reads of its instance.
fn of_instance(name: &str) -> Option<fn(&Live) -> Value> {
    macro_rules! text {
        ($of:ident) => {
            Some(|l: &Live| l.instance.as_ref().and_then(|i| i.$of()).into())
        };
    }
    match name {
        "arn" => Some(|l: &Live| (&l.arn).into()),
        "instance_state" => {
            Some(|l: &Live| l.instance.as_ref().and_then(super::look::state).map(|s| s.as_str()).into())
        }
        "primary_network_interface_id" => Some(|l: &Live| {
            let first = l.instance.as_ref().and_then(|i| i.network_interfaces().first());
            first.and_then(|n| n.network_interface_id()).into()
        }),
        "private_dns" => text!(private_dns_name),
        "public_dns" => text!(public_dns_name),
        "public_ip" => text!(public_ip_address),
        _ => None,
    }
}

/// The rows of an instance. AWS changes none of them in a request.
fn instance_rows() -> Vec<A<Live>> {
    let rows = AwsInstance::spec().schema.attributes.into_iter();
    let rows = rows.filter(|row| !NOT_ASKED.contains(&row.name));
    rows.map(|row| {
        let mut row = if row.name == "primary_network_interface" { row.answered() } else { row };
        row.force_new = row.is_argument() && !OURS.contains(&row.name);
        row.follows.clear();
        if let Some(block) = row.block.as_mut().filter(|_| row.name == "network_interface") {
            let card = |inner: &Attribute| {
                if inner.name == "network_card_index" { inner.clone().answered() } else { inner.clone() }
            };
            block.attributes = Arc::new(block.attributes.iter().map(card).collect());
        }
        A { read: of_instance(row.name), row }
    })
    .collect()
}

fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let given = |name: &&&str| want.is_filled(name);
    let lost = NOT_TAKEN.iter().filter(given);
    let say = |name: &&'static str| (*name, advice("AWS does not take it with a spot request: it has no effect"));
    lost.map(say).collect()
}

/// The instance that is asked for, as the API takes it.
async fn specification(aws: &Aws, want: &Attrs) -> Result<RequestSpotLaunchSpecification> {
    let interfaces = launch::interfaces(want);
    let plain = interfaces.is_none();
    let profile = text(want, "iam_instance_profile");
    let profile = profile.map(|name| IamInstanceProfileSpecification::builder().name(name).build());
    let place = SpotPlacement::builder()
        .set_availability_zone(text(want, "availability_zone"))
        .set_group_name(text(want, "placement_group"))
        .set_tenancy(EnumCell::put(want, "tenancy"));
    let place = place.build();
    let monitored = want.bool("monitoring").filter(|on| *on);
    Ok(RequestSpotLaunchSpecification::builder()
        .set_block_device_mappings(disks::at_launch(aws, want).await?)
        .set_ebs_optimized(want.bool("ebs_optimized").filter(|on| *on))
        .set_iam_instance_profile(profile)
        .set_image_id(text(want, "ami"))
        .set_instance_type(EnumCell::put(want, "instance_type"))
        .set_key_name(text(want, "key_name"))
        .set_monitoring(monitored.map(|on| RunInstancesMonitoringEnabled::builder().enabled(on).build()))
        .set_network_interfaces(interfaces)
        .set_placement(Some(place).filter(|place| *place != SpotPlacement::builder().build()))
        .set_security_group_ids(some(want.strings("vpc_security_group_ids")).filter(|_| plain))
        .set_security_groups(some(want.strings("security_groups")).filter(|_| plain))
        .set_subnet_id(text(want, "subnet_id").filter(|_| plain))
        .set_user_data(launch::user_data(want))
        .build())
}

impl Resource for AwsSpotInstanceRequest {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let rows = instance_rows().into_iter().chain(Rows::rows()).collect();
        let id = |l: &Live| l.request.spot_instance_request_id().map(Into::into);
        Spec::new("aws_spot_instance_request", id, rows)
            .role(Role::Member(role::Member {
                place: role::Place { zone: Some("availability_zone"), subnet: Some("subnet_id") },
                unjudged: Unjudged::All("spot requests"),
            }))
            .tags(|l| tags::read(l.request.tags()))
            .unique(&[])
            .dropped(&[
                ("block_duration_minutes", "AWS has ended spot instances of a fixed duration."),
                ("cpu_core_count", "A spot request takes no options of the processor."),
                ("cpu_threads_per_core", "A spot request takes no options of the processor."),
            ])
            .recover(Recover::ClientToken)
            .progress(|l| match l.request.state() {
                Some(State::Cancelled | State::Closed) if !l.runs() => Progress::Gone,
                Some(State::Failed) => {
                    let why = l.request.status().and_then(|s| s.message());
                    Progress::Failed(why.unwrap_or("failed").into())
                }
                _ => Progress::Ready,
            })
            .wait_for_deletion()
            .conflicts(&[
                &["user_data", "user_data_base64"],
                &["network_interface", "primary_network_interface"],
                &["vpc_security_group_ids", "security_groups"],
            ])
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = tags::filters(which, "spot-instance-request-id", &[]);
        let found = listed!(aws, describe_spot_instance_requests, filters).await?;
        let ids: Vec<String> = found.iter().filter_map(|r| r.instance_id.clone()).collect();
        let instances = super::look::listed(aws, filtered("instance-id", &ids)).await?;
        let live = |request: SpotInstanceRequest| {
            let id = request.spot_instance_request_id().unwrap_or_default();
            let own = instances.iter().find(|i| i.instance_id().is_some() && i.instance_id() == request.instance_id());
            Live { arn: aws.ec2_arn(&format!("spot-instances-request/{id}")), instance: own.cloned(), request }
        };
        Ok(found.into_iter().map(live).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::SpotInstancesRequest, want, token);
        let call = Rows::create(aws.write.ec2.request_spot_instances(), want).client_token(&token.0).instance_count(1);
        let call = call.set_type(EnumCell::put(want, "spot_type")).tag_specifications(tags);
        let answer = call.launch_specification(specification(aws, want).await?).send().await?;
        let id = made(answer.spot_instance_requests().first().and_then(|r| r.spot_instance_request_id()))?;
        if want.bool("wait_for_fulfillment") == Some(true) {
            let settled = |now: Option<&Live>| now.is_none_or(|l| l.request.state() != Some(&State::Open));
            settle::seen_within::<Self>(LONGEST, aws, &id, "room for the spot instance", settled).await?;
        }
        Ok(id)
    }

    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take_any(&OURS);
        Ok(())
    }

    /// The instance of a request outlives it, unless it is ended as well.
    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let now = settle::find::<Self>(aws, id).await?;
        let call = aws.write.ec2.cancel_spot_instance_requests().spot_instance_request_ids(id);
        settle::unless_gone(call.send().await)?;
        match now.and_then(|l| l.request.instance_id) {
            Some(instance) => {
                settle::unless_gone(aws.write.ec2.terminate_instances().instance_ids(instance).send().await)
            }
            None => Ok(()),
        }
    }
}
