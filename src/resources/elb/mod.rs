//! The balance family: load balancers, their listeners and rules, and the targets behind them.

mod actions;
pub(super) mod allowed;
mod classic;
mod classic_attachment;
mod conditions;
mod data;
mod hosted_zones;
mod listener;
mod listener_certificate;
mod listener_data;
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
mod trust_store;

pub use self::shared::port_of;
pub(super) use self::shared::{balancers, tags_of, target_groups};
use crate::resources::any::{AnyData, AnyResource, Registry, add, add_as, add_data, add_data_as};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<classic::AwsElb>(all);
    add::<classic_attachment::AwsElbAttachment>(all);
    add::<listener::AwsLbListener>(all);
    add::<listener_certificate::AwsLbListenerCertificate>(all);
    add::<listener_rule::AwsLbListenerRule>(all);
    add::<load_balancer::AwsLb>(all);
    add::<target_group::AwsLbTargetGroup>(all);
    add::<target_group_attachment::AwsLbTargetGroupAttachment>(all);
    add::<trust_store::AwsLbTrustStore>(all);
    add::<trust_store::AwsLbTrustStoreRevocation>(all);
    add_as::<listener::AwsLbListener>(all, "aws_alb_listener");
    add_as::<listener_rule::AwsLbListenerRule>(all, "aws_alb_listener_rule");
    add_as::<load_balancer::AwsLb>(all, "aws_alb");
    add_as::<target_group::AwsLbTargetGroup>(all, "aws_alb_target_group");
    add_as::<target_group_attachment::AwsLbTargetGroupAttachment>(all, "aws_alb_target_group_attachment");
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<classic::ElbData>(all);
    add_data::<data::LbData>(all);
    add_data::<hosted_zones::ElbHostedZoneId>(all);
    add_data::<hosted_zones::LbHostedZoneId>(all);
    add_data::<listener_data::ListenerData>(all);
    add_data_as::<listener_data::ListenerData>(all, "aws_alb_listener");
    add_data::<data::TargetGroupData>(all);
    add_data::<data::LbsData>(all);
    add_data_as::<data::LbData>(all, "aws_alb");
    add_data_as::<data::TargetGroupData>(all, "aws_alb_target_group");
    add_data::<service_account::ElbServiceAccount>(all);
}
