//! aws_ec2_instance_state: whether an instance that another block has made runs.

use super::instance::look;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{Instance, InstanceStateName as State};

/// The resource type `aws_ec2_instance_state`.
pub struct AwsEc2InstanceState;

const INSTANCE: &str = "instance_id";

table! {
    Rows: Instance {
        force: Switch, none;
        instance_id: Text, read [.required().force_new()];
        state: Text, none
            [.required().check(|v| checks::one_of(v, &["running", "stopped"])).read(|i| end(i.held()).into())];
    }
}

/// Where the instance is, or is going.
fn end(i: &Instance) -> &'static str {
    match look::state(i) {
        Some(State::Stopped | State::Stopping) => "stopped",
        _ => "running",
    }
}

async fn set(aws: &Aws, of: &Attrs) -> Result<()> {
    let id = of.str(INSTANCE).unwrap_or_default();
    match of.str("state") {
        Some("stopped") => {
            let call = aws.write.ec2.stop_instances().instance_ids(id);
            done(call.set_force(of.bool("force").filter(|on| *on)).send().await)
        }
        _ => done(aws.write.ec2.start_instances().instance_ids(id).send().await),
    }
}

impl Resource for AwsEc2InstanceState {
    type Live = Instance;

    fn spec() -> Spec<Instance> {
        Spec::new("aws_ec2_instance_state", |i: &Instance| i.instance_id().map(Into::into), Rows::rows())
            .role(Role::Settings(Unjudged::All("stops of instances")))
            .unique(&[&[INSTANCE]])
            .recover(Recover::Key)
            .progress(|i| match look::state(i) {
                Some(state @ (State::Pending | State::Stopping)) => Progress::Pending(state.as_str().into()),
                Some(State::Terminated | State::ShuttingDown) => Progress::Gone,
                _ => Progress::Ready,
            })
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Instance>> {
        look::listed(aws, filtered("instance-id", &which.by(INSTANCE))).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        set(aws, want).await?;
        made(want.str(INSTANCE))
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("force");
        if change.take("state").is_some() { set(aws, change.after).await } else { Ok(()) }
    }

    /// The instance stays as it is.
    async fn delete(_aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        Ok(())
    }
}
