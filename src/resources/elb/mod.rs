//! The balance family: load balancers, their listeners and rules, and the targets behind them.

mod actions;
mod conditions;
mod data;
mod listener;
mod listener_certificate;
mod listener_rule;
mod load_balancer;
mod logs;
mod priorities;
mod service_account;
mod settings;
mod shared;
mod target_group;
pub mod target_group_attachment;
mod target_group_parts;

use crate::resources::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<listener::AwsLbListener>(all);
    add::<listener_certificate::AwsLbListenerCertificate>(all);
    add::<listener_rule::AwsLbListenerRule>(all);
    add::<load_balancer::AwsLb>(all);
    add::<target_group::AwsLbTargetGroup>(all);
    add::<target_group_attachment::AwsLbTargetGroupAttachment>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<data::LbData>(all);
    add_data::<data::TargetGroupData>(all);
    add_data::<service_account::ElbServiceAccount>(all);
}
