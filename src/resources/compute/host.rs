//! aws_ec2_host: a machine for one's own instances alone.

use crate::resources::lookup::{
    Row, answer, computed, filters, found, found_by, here, one, read, read_as, schema, time,
};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::allocate_hosts::builders::AllocateHostsFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_hosts::builders::ModifyHostsFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    AllocationState as State, AvailableCapacity, Filter, Host, HostInstance, HostProperties, InstanceCapacity,
    ResourceType,
};

/// The resource type `aws_ec2_host`.
pub struct AwsEc2Host;
/// The data source `aws_ec2_host`.
pub struct HostData;

/// A host as listed.
pub type Live = WithArn<Host>;

table! {
    Rows: Live, create Create, modify Modify {
        arn: Text, read [.computed()];
        asset_id: Text, read [.optional_computed().force_new()];
        auto_placement: EnumCell, read, create, modify
            [.default("on").check(|v| checks::one_of(v, &["on", "off"]))];
        availability_zone: Text [.required().force_new()];
        host_recovery: EnumCell, read, create, modify
            [.default("off").check(|v| checks::one_of(v, &["on", "off"]))];
        instance_family: Text, create, modify [.read(|h| family(h.held()).into())];
        instance_type: Text, create, modify [.read(|h| kind(h.held()).into())];
        outpost_arn: Text [.force_new()];
        owner_id: Text, read [.computed()];
    }
}

fn kind(h: &Host) -> Option<&str> {
    h.host_properties().and_then(|p| p.instance_type()).filter(|text| !text.is_empty())
}

/// AWS also says which family a type is of.
fn family(h: &Host) -> Option<&str> {
    h.host_properties().and_then(|p| p.instance_family()).filter(|_| kind(h).is_none())
}

async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Live>> {
    let call = |filters| aws.read.ec2.describe_hosts().set_filter(some(filters)).into_paginator().items().send();
    let found = aws.pages(filters, call).await?;
    Ok(WithArn::all(aws, "dedicated-host", found, Host::host_id))
}

fn gone(h: &Host) -> bool {
    matches!(h.state(), Some(State::Released | State::ReleasedPermanentFailure))
}

impl Resource for AwsEc2Host {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_ec2_host", |h: &Live| h.host_id().map(Into::into), Rows::rows::<Live>())
            .role(Role::NotServing("its instances are judged"))
            .tags(|h| tags::read(h.tags()))
            .unique(&[])
            .recover(Recover::ClientToken)
            .exactly_one(&[&["instance_family", "instance_type"]])
            .wait_for_deletion()
            .progress(|h| match h.state() {
                _ if gone(h) => Progress::Gone,
                Some(State::Pending | State::Configuring) => Progress::Pending("pending".into()),
                Some(State::PermanentFailure) => Progress::Failed("permanent-failure".into()),
                _ => Progress::Ready,
            })
    }

    /// The call has no filter by id.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = match which {
            Which::Ids([]) | Which::NaturalKey(_) => return Ok(Vec::new()),
            Which::Ids(_) => vec![Vec::new()],
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
        };
        let mut found = listed(aws, filters).await?;
        found.retain(|h| tags::meets(which, h.host_id(), h.tags()));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::DedicatedHost, want, token);
        let call = Rows::create(aws.write.ec2.allocate_hosts(), want).client_token(&token.0).quantity(1);
        let call = call.set_asset_ids(text(want, "asset_id").map(|id| vec![id]));
        made(call.tag_specifications(tags).send().await?.host_ids().first().map(String::as_str))
    }

    /// AWS answers with success and a list of what it did not change.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let Some(call) = Rows::modify(aws.write.ec2.modify_hosts().host_ids(id), change) else { return Ok(()) };
        let answer = call.send().await?;
        match answer.unsuccessful().iter().find_map(|item| item.error()) {
            Some(error) => Err(Error::of_one(error.code(), error.message())),
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let answer = aws.write.ec2.release_hosts().host_ids(id).send().await?;
        let Some(error) = answer.unsuccessful().iter().find_map(|item| item.error()) else { return Ok(()) };
        settle::unless_gone(Err::<(), _>(Error::of_one(error.code(), error.message())))
    }
}

table! {
    Answers: Host {
        allocation_time: Text, none [.read(|h| time(h.held().allocation_time()))];
        allows_multiple_instance_types: EnumCell, read;
        asset_id: Text, read;
        auto_placement: EnumCell, read;
        availability_zone: Text, read;
        availability_zone_id: Text, read;
        available_capacity: BlockList<Capacity>, read;
        cores: Int, none [.read(|h| Int::get(properties(h.held()).and_then(|p| p.cores())))];
        host_maintenance: EnumCell, read;
        host_recovery: EnumCell, read;
        host_reservation_id: Text, read;
        instance_family: Text, none [.read(|h| properties(h.held()).and_then(|p| p.instance_family()).into())];
        instance_type: Text, none [.read(|h| properties(h.held()).and_then(|p| p.instance_type()).into())];
        instances: BlockList<OnHost>, read;
        member_of_service_linked_resource_group: Flag, read;
        outpost_arn: Text, read;
        owner_id: Text, read;
        release_time: Text, none [.read(|h| time(h.held().release_time()))];
        sockets: Int, none [.read(|h| Int::get(properties(h.held()).and_then(|p| p.sockets())))];
        state: EnumCell, read;
        total_vcpus: Int, none [.read(|h| Int::get(properties(h.held()).and_then(|p| p.total_v_cpus())))];
    }
}

block! {
    Capacity: AvailableCapacity => AvailableCapacity {
        available_instance_capacity: BlockList<OfType>, read;
        available_vcpus = available_v_cpus: Int, read;
    }
    OfType: InstanceCapacity => InstanceCapacity {
        available_capacity: Int, read;
        instance_type: Text, read;
        total_capacity: Int, read;
    }
    OnHost: HostInstance => HostInstance {
        instance_id: Text, read;
        instance_type: Text, read;
        owner_id: Text, read;
    }
}

fn properties(h: &Host) -> Option<&HostProperties> {
    h.host_properties()
}

const ID: &str = "host_id";

impl DataSource for HostData {
    fn schema() -> Schema {
        let own: Vec<Row> = computed::<Answers>().into_iter().chain(["arn", "id"].map(answer::<Text>)).collect();
        schema("aws_ec2_host", found_by(&[(ID, "")], own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut all = listed(&aws, vec![filters(config, &[])]).await?;
        all.retain(|h| !gone(h) && config.str(ID).is_none_or(|id| h.host_id() == Some(id)));
        let host = one(all, "dedicated host")?;
        let attrs = found(config, &aws, &read_as::<AwsEc2Host>(&host)).with(ID, host.host_id());
        Ok(read(&attrs, Answers::rows::<Host>(), &host))
    }
}
