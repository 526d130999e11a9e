//! How instances are read: one listing of instances, one of their volumes, one of their CPU credits. What
//! EC2 answers only for one instance at a time is asked for concurrently, and only once it is settled.

use super::disks::attached;
use crate::resources::prelude::*;
use crate::resources::round::Round;
use aws_sdk_ec2::types::{
    Filter, Instance, InstanceAttributeName as Name, InstanceCreditSpecification, InstanceStateName as State,
    Placement, PlatformValues, Volume,
};
use futures::future::{try_join, try_join3, try_join4};
use std::collections::HashMap;
use std::ops::Deref;

/// What AWS answers of one instance alone.
#[derive(Default)]
pub struct Alone {
    /// In base64.
    pub user_data: Option<String>,
    /// Whether it is protected from termination.
    pub disable_api_termination: bool,
    /// Whether it is protected from being stopped.
    pub disable_api_stop: bool,
    /// What happens when it shuts itself down.
    pub shutdown: Option<String>,
    /// Windows' first password, encrypted with the key pair.
    pub password: Option<String>,
}

/// An instance as listed, with what is listed elsewhere.
pub struct Live {
    /// What DescribeInstances lists.
    pub instance: Instance,
    /// Its ARN.
    pub arn: String,
    /// Its volumes.
    pub volumes: Vec<Volume>,
    /// Its credits; none where its type has none.
    pub credits: Option<InstanceCreditSpecification>,
    /// The rest.
    pub alone: Alone,
    place: Placement,
}

impl Deref for Live {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        &self.instance
    }
}

held!(Live: place as Placement);

impl Live {
    /// Its ARN.
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// Its credits.
    pub fn credit_specification(&self) -> Option<&InstanceCreditSpecification> {
        self.credits.as_ref()
    }

    /// Whether it is protected from being stopped.
    pub fn disable_api_stop(&self) -> bool {
        self.alone.disable_api_stop
    }

    /// Whether it is protected from termination.
    pub fn disable_api_termination(&self) -> bool {
        self.alone.disable_api_termination
    }
}

/// The state of an instance.
pub fn state(instance: &Instance) -> Option<&State> {
    instance.state().and_then(|s| s.name())
}

/// Instances under filters, all pages.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Instance>> {
    let reservations = listed!(aws, describe_instances, filters).await?;
    Ok(reservations.into_iter().flat_map(|r| r.instances.unwrap_or_default()).collect())
}

/// One instance as it is listed, without what is listed elsewhere.
pub async fn one(aws: &Aws, id: &str) -> Result<Option<Instance>> {
    let list = |ids: Vec<String>| async move {
        let found = listed(aws, filtered("instance-id", &ids)).await?;
        Ok(found.into_iter().filter_map(|i| Some((i.instance_id.clone()?, i))).collect())
    };
    aws.shared::<Round<Live, Instance>>().ask(id, list).await
}

/// Waits until the instance is stopped, or gone.
pub async fn stopped(aws: &Aws, id: &str) -> Result<()> {
    let rests = |i: Instance| matches!(state(&i), Some(State::Stopped | State::Terminated));
    settle::until("the instance to stop", || async { Ok(one(aws, id).await?.is_none_or(rests)) }).await
}

/// Instances with what is listed elsewhere.
pub async fn complete(aws: &Aws, found: Vec<Instance>) -> Result<Vec<Live>> {
    let settled = |i: &&Instance| matches!(state(i), Some(State::Running | State::Stopped | State::Stopping));
    let those = |which: fn(&Instance) -> bool| -> Vec<String> {
        found.iter().filter(settled).filter(|i| which(i)).filter_map(|i| i.instance_id.clone()).collect()
    };
    let (there, bursting) = (those(|_| true), those(bursts));
    let windows = those(|i| i.platform() == Some(&PlatformValues::Windows));
    let asked = each(there.iter().cloned(), |id| {
        let password = windows.contains(&id);
        async move { alone(aws, &id, password).await.map(|alone| (id, alone)) }
    });
    let (volumes, credits, asked) = try_join3(attached(aws, &there), credits(aws, &bursting), asked).await?;
    let mut alone: HashMap<String, Alone> = asked.into_iter().collect();
    let complete = |instance: Instance| {
        let id = instance.instance_id().unwrap_or_default().to_owned();
        let on = |v: &&Volume| v.attachments().iter().any(|a| a.instance_id() == Some(id.as_str()));
        Live {
            arn: aws.ec2_arn(&format!("instance/{id}")),
            volumes: volumes.iter().filter(on).cloned().collect(),
            credits: credits.iter().find(|c| c.instance_id() == Some(id.as_str())).cloned(),
            alone: alone.remove(&id).unwrap_or_default(),
            place: instance.placement().cloned().unwrap_or_else(|| Placement::builder().build()),
            instance,
        }
    };
    Ok(found.into_iter().map(complete).collect())
}

/// Whether the type has CPU credits.
fn bursts(instance: &Instance) -> bool {
    let family = instance.instance_type().and_then(|t| t.as_str().split('.').next());
    family.is_some_and(|f| f.starts_with('t') && f[1..].starts_with(|c: char| c.is_ascii_digit()))
}

async fn credits(aws: &Aws, ids: &[String]) -> Result<Vec<InstanceCreditSpecification>> {
    listed!(aws, describe_instance_credit_specifications, filtered("instance-id", ids)).await
}

async fn alone(aws: &Aws, id: &str, with_password: bool) -> Result<Alone> {
    let ask = |name: Name| async move {
        let answer = aws.read.ec2.describe_instance_attribute().instance_id(id).attribute(name).send().await;
        answer.map_err(Error::from)
    };
    let password = async {
        if !with_password {
            return Ok(None);
        }
        let answer = aws.read.ec2.get_password_data().instance_id(id).send().await.map_err(Error::from);
        match answer {
            Ok(answer) => Ok(answer.password_data.filter(|p| !p.is_empty())),
            Err(e) if e.kind == Kind::Denied => Ok(None),
            Err(e) => Err(e),
        }
    };
    let four = try_join4(
        ask(Name::UserData),
        ask(Name::DisableApiTermination),
        ask(Name::DisableApiStop),
        ask(Name::InstanceInitiatedShutdownBehavior),
    );
    let ((data, keep, run, shutdown), password) = try_join(four, password).await?;
    let text = |value: Option<aws_sdk_ec2::types::AttributeValue>| value.and_then(|v| v.value);
    Ok(Alone {
        user_data: text(data.user_data).filter(|data| !data.is_empty()),
        disable_api_termination: keep.disable_api_termination.and_then(|v| v.value).unwrap_or(false),
        disable_api_stop: run.disable_api_stop.and_then(|v| v.value).unwrap_or(false),
        shutdown: text(shutdown.instance_initiated_shutdown_behavior),
        password,
    })
}
