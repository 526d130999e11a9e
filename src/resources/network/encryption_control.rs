//! aws_vpc_encryption_control: whether traffic within a VPC may be unencrypted.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::modify_vpc_encryption_control::builders::ModifyVpcEncryptionControlFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    ResourceType, VpcEncryptionControl as Control, VpcEncryptionControlExclusion as Excluded,
    VpcEncryptionControlExclusions as Exclusions, VpcEncryptionControlState as State,
};

/// The resource type `aws_vpc_encryption_control`.
pub struct AwsVpcEncryptionControl;

table! {
    Rows: Control, modify Modify {
        egress_only_internet_gateway_exclusion: EnumCell, modify
            [.optional_computed().check(word).read(|c| excluded(c.held(), Exclusions::egress_only_internet_gateway))];
        elastic_file_system_exclusion: EnumCell, modify
            [.optional_computed().check(word).read(|c| excluded(c.held(), Exclusions::elastic_file_system))];
        internet_gateway_exclusion: EnumCell, modify
            [.optional_computed().check(word).read(|c| excluded(c.held(), Exclusions::internet_gateway))];
        lambda_exclusion: EnumCell, modify
            [.optional_computed().check(word).read(|c| excluded(c.held(), Exclusions::lambda))];
        mode: EnumCell, read, modify [.required().check(|v| checks::one_of(v, &["monitor", "enforce"]))];
        nat_gateway_exclusion: EnumCell, modify
            [.optional_computed().check(word).read(|c| excluded(c.held(), Exclusions::nat_gateway))];
        virtual_private_gateway_exclusion: EnumCell, modify
            [.optional_computed().check(word).read(|c| excluded(c.held(), Exclusions::virtual_private_gateway))];
        vpc_id: Text, read [.required().force_new()];
        vpc_lattice_exclusion: EnumCell, modify
            [.optional_computed().check(word).read(|c| excluded(c.held(), Exclusions::vpc_lattice))];
        vpc_peering_exclusion: EnumCell, modify
            [.optional_computed().check(word).read(|c| excluded(c.held(), Exclusions::vpc_peering))];
        state: EnumCell, read [.computed().follows(&CHANGES)];
        state_message: Text, read [.computed().follows(&CHANGES)];
    }
}

block! {
    Exclusion: Excluded => Excluded {
        state: EnumCell, read;
        state_message: Text, read;
    }
}

const CHANGES: [&str; 9] = [
    "mode",
    "egress_only_internet_gateway_exclusion",
    "elastic_file_system_exclusion",
    "internet_gateway_exclusion",
    "lambda_exclusion",
    "nat_gateway_exclusion",
    "virtual_private_gateway_exclusion",
    "vpc_lattice_exclusion",
    "vpc_peering_exclusion",
];

type Of = fn(&Exclusions) -> Option<&Excluded>;

const ALL: [(&str, Of); 8] = [
    ("egress_only_internet_gateway", Exclusions::egress_only_internet_gateway),
    ("elastic_file_system", Exclusions::elastic_file_system),
    ("internet_gateway", Exclusions::internet_gateway),
    ("lambda", Exclusions::lambda),
    ("nat_gateway", Exclusions::nat_gateway),
    ("virtual_private_gateway", Exclusions::virtual_private_gateway),
    ("vpc_lattice", Exclusions::vpc_lattice),
    ("vpc_peering", Exclusions::vpc_peering),
];

fn word(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["enable", "disable"])
}

/// What the layout says of a kind that is excluded or not.
fn excluded(c: &Control, of: Of) -> Value {
    let state = c.resource_exclusions().and_then(of).and_then(|e| e.state()).map(|s| s.as_str());
    if state.is_some_and(|state| state.starts_with("enabl")) { "enable" } else { "disable" }.into()
}

fn exclusions(c: &Control) -> Value {
    let one = |(name, of): (&'static str, Of)| {
        let found = c.resource_exclusions().and_then(of);
        (name, found.map_or_else(|| Value::null(object_type(&Exclusion::rows())), Exclusion::read))
    };
    Value::object(ALL.map(one))
}

fn progress(c: &Control) -> Progress {
    match c.state() {
        Some(State::Deleted) => Progress::Gone,
        Some(State::Available) | None => Progress::Ready,
        Some(failed @ (State::DeleteFailed | State::EnforceFailed | State::MonitorFailed)) => {
            Progress::Failed(c.state_message().unwrap_or(failed.as_str()).into())
        }
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

impl Resource for AwsVpcEncryptionControl {
    type Live = Control;

    fn spec() -> Spec<Control> {
        let inner = rows(ALL.map(|(name, _)| A::block(name, Nesting::Single, Exclusion::rows())));
        let all = A::block("resource_exclusions", Nesting::Single, inner).computed().follows(&CHANGES);
        let rows = Rows::rows().into_iter().chain([all.read(exclusions)]).collect();
        Spec::new("aws_vpc_encryption_control", |c: &Control| c.vpc_encryption_control_id().map(Into::into), rows)
            .role(Role::Settings(Unjudged::All("ways in and out that do not encrypt")))
            .tags(|c| tags::read(c.tags()))
            .unique(&[&["vpc_id"]])
            .wait_for_deletion()
            .progress(progress)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Control>> {
        let filters = tags::filters(which, "vpc-encryption-control-id", &[("vpc-id", "vpc_id")]);
        unpaged(filters, |filters| async {
            let call = aws.read.ec2.describe_vpc_encryption_controls().set_filters(filters);
            Ok(call.send().await?.vpc_encryption_controls)
        })
        .await
    }

    /// A new control only watches.
    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::VpcEncryptionControl, want, token);
        let call = aws.write.ec2.create_vpc_encryption_control().set_vpc_id(want.string("vpc_id"));
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.vpc_encryption_control().and_then(Control::vpc_encryption_control_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let call = aws.write.ec2.modify_vpc_encryption_control().vpc_encryption_control_id(id);
        match Rows::modify(call, change) {
            Some(call) => done(call.set_mode(EnumCell::put(change.after, "mode")).send().await),
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_vpc_encryption_control().vpc_encryption_control_id(id).send().await)
    }
}
