//! aws_placement_group and aws_ec2_capacity_reservation: where instances are put, and room that is kept for them.

use crate::resources::block::TimestampCell;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_capacity_reservation::builders::CreateCapacityReservationFluentBuilder as Reserve;
use aws_sdk_ec2::operation::create_placement_group::builders::CreatePlacementGroupFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_capacity_reservation::builders::ModifyCapacityReservationFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    CapacityReservation as Reservation, CapacityReservationState as State, PlacementGroup, PlacementGroupState,
    ResourceType,
};

/// The resource type `aws_placement_group`.
pub struct AwsPlacementGroup;
/// The resource type `aws_ec2_capacity_reservation`.
pub struct AwsEc2CapacityReservation;

table! {
    OfGroup: PlacementGroup, create Create {
        name = group_name: Text [.required().force_new()];
        partition_count: Positive [.optional_computed().force_new()];
        spread_level: EnumCell [.optional_computed().force_new().check(|v| checks::one_of(v, &["host", "rack"]))];
        strategy: EnumCell
            [.required().force_new().check(|v| checks::one_of(v, &["cluster", "partition", "spread"]))];
        arn = group_arn: Text, read [.computed()];
        placement_group_id = group_id: Text, read [.computed()];
    }
}

impl Resource for AwsPlacementGroup {
    type Live = PlacementGroup;

    fn spec() -> Spec<PlacementGroup> {
        Spec::new("aws_placement_group", |g: &PlacementGroup| g.group_name().map(Into::into), OfGroup::rows())
            .role(Role::NotServing("it says where members come to be, and keeps none from serving"))
            .tags(|g| tags::read(g.tags()))
            .tagging(Tagging::Own)
            .unique(&[&["name"]])
            .wait_for_deletion()
            .progress(|g| match g.state() {
                Some(PlacementGroupState::Deleted) => Progress::Gone,
                Some(PlacementGroupState::Available) | None => Progress::Ready,
                Some(other) => Progress::Pending(other.as_str().into()),
            })
            .check(|want| {
                let kind = want.str("strategy");
                faults! {
                    want.is_filled("partition_count") && kind.is_some_and(|kind| kind != "partition") =>
                        "partition_count", "partition_count goes with strategy = \"partition\"";
                    want.is_filled("spread_level") && kind.is_some_and(|kind| kind != "spread") =>
                        "spread_level", "spread_level goes with strategy = \"spread\"";
                }
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<PlacementGroup>> {
        let call = aws.read.ec2.describe_placement_groups();
        let filters = tags::filters(which, "group-name", &[("group-name", "name")]);
        unpaged(filters, |f| async { Ok(call.clone().set_filters(f).send().await?.placement_groups) }).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::PlacementGroup, want, token);
        let call = OfGroup::create(aws.write.ec2.create_placement_group(), want).tag_specifications(tags);
        made(call.send().await?.placement_group().and_then(PlacementGroup::group_name))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take("tags_all").is_some()
            && let Some(target) = change.before.str("placement_group_id")
        {
            tags::retag(aws, target, change.before, change.after).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        match aws.write.ec2.delete_placement_group().group_name(id).send().await.map_err(Error::from) {
            Err(e) if e.is("InvalidPlacementGroup.Unknown") => Ok(()),
            answer => answer.map(drop),
        }
    }
}

table! {
    OfReservation: Reservation, create Reserve, modify Modify {
        availability_zone: Text [.required().force_new()];
        ebs_optimized: Switch [.force_new()];
        end_date: TimestampCell, read, create, modify;
        end_date_type: EnumCell, read, create, modify
            [.default("unlimited").check(|v| checks::one_of(v, &["unlimited", "limited"]))];
        ephemeral_storage: Switch [.force_new()];
        instance_count = total_instance_count: Int, read, create(instance_count), modify(instance_count) [.required()];
        instance_match_criteria: EnumCell
            [.default("open").force_new().check(|v| checks::one_of(v, &["open", "targeted"]))];
        instance_platform: EnumCell [.required().force_new()];
        instance_type: Text [.required().force_new()];
        outpost_arn: Text [.force_new()];
        placement_group_arn: Text [.force_new()];
        tenancy: EnumCell [.default("default").force_new().check(|v| checks::one_of(v, &["default", "dedicated"]))];
        arn = capacity_reservation_arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
    }
}

fn progress(r: &Reservation) -> Progress {
    match r.state() {
        Some(State::Cancelled | State::Expired) => Progress::Gone,
        Some(State::Failed) => Progress::Failed("AWS has no room of this kind there".into()),
        Some(State::Pending) => Progress::Pending("pending".into()),
        _ => Progress::Ready,
    }
}

impl Resource for AwsEc2CapacityReservation {
    type Live = Reservation;

    fn spec() -> Spec<Reservation> {
        let id = |r: &Reservation| r.capacity_reservation_id().map(Into::into);
        Spec::new("aws_ec2_capacity_reservation", id, OfReservation::rows())
            .role(Role::NotServing("it keeps room for members, and keeps none from serving"))
            .tags(|r| tags::read(r.tags()))
            .unique(&[])
            .progress(progress)
            .check(|want| {
                let limited = want.str("end_date_type") == Some("limited");
                faults! {
                    want.is_given("end_date") && !limited && !want.is_unknown("end_date_type") =>
                        "end_date", "end_date goes with end_date_type = \"limited\"";
                    limited && !want.is_given("end_date") => "end_date", "end_date_type = \"limited\" needs end_date";
                }
            })
    }

    /// The call has no filter by id or tag, and fails for an id that is gone: all are read.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Reservation>> {
        let mut all = listed!(aws, describe_capacity_reservations, vec![Vec::new()]).await?;
        all.retain(|r| tags::meets(which, r.capacity_reservation_id(), r.tags()));
        Ok(all)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::CapacityReservation, want, token);
        let call = OfReservation::create(aws.write.ec2.create_capacity_reservation(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.capacity_reservation().and_then(Reservation::capacity_reservation_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.join(&["end_date", "end_date_type"]);
        let call = aws.write.ec2.modify_capacity_reservation().capacity_reservation_id(id);
        if let Some(call) = OfReservation::modify(call, change) {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.cancel_capacity_reservation().capacity_reservation_id(id).send().await)
    }
}
