//! aws_ec2_transit_gateway_policy_table and aws_ec2_transit_gateway_prefix_list_reference: a table that chooses route tables
//! by policy, and the ranges of a prefix list in a route table.

use super::listed;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_transit_gateway_policy_table::builders::CreateTransitGatewayPolicyTableFluentBuilder as Create;
use aws_sdk_ec2::types::{ResourceType, TransitGatewayPolicyTable, TransitGatewayPrefixListReference as Reference};

/// The resource type `aws_ec2_transit_gateway_policy_table`.
pub struct AwsEc2TransitGatewayPolicyTable;
/// The resource type `aws_ec2_transit_gateway_prefix_list_reference`.
pub struct AwsEc2TransitGatewayPrefixListReference;

type PolicyTable = WithArn<TransitGatewayPolicyTable>;

table! {
    Rows: PolicyTable, create Create {
        arn: Text, read [.computed()];
        state: EnumCell, read [.computed()];
        transit_gateway_id: Text [.required().force_new()];
    }
}

impl Resource for AwsEc2TransitGatewayPolicyTable {
    type Live = PolicyTable;

    fn spec() -> Spec<PolicyTable> {
        let id = |t: &PolicyTable| t.transit_gateway_policy_table_id().map(Into::into);
        Spec::new("aws_ec2_transit_gateway_policy_table", id, Rows::rows::<PolicyTable>())
            .role(Role::RouteTable(role::RouteTable { routes: None, unjudged: Unjudged::All("routes") }))
            .tags(|t| tags::read(t.tags()))
            .unique(&[])
            .progress(|t| listed::progress(t.state()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<PolicyTable>> {
        let by = [("transit-gateway-id", "transit_gateway_id")];
        let filters = tags::filters(which, "transit-gateway-policy-table-id", &by);
        let found = listed!(aws, describe_transit_gateway_policy_tables, filters).await?;
        Ok(WithArn::all(aws, "transit-gateway-policy-table", found, |t| t.transit_gateway_policy_table_id()))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::TransitGatewayPolicyTable, want, token);
        let call = Rows::create(aws.write.ec2.create_transit_gateway_policy_table(), want).tag_specifications(tags);
        made(call.send().await?.transit_gateway_policy_table().and_then(|t| t.transit_gateway_policy_table_id()))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_transit_gateway_policy_table().transit_gateway_policy_table_id(id);
        done(call.send().await)
    }
}

const TABLE: &str = "transit_gateway_route_table_id";

static KEY: Composite = Composite::new(&[TABLE, "prefix_list_id"], "_").marked(&["tgw-rtb-", "pl-"]);

table! {
    OfReference: Reference {
        blackhole: Switch, read;
        prefix_list_id: Text, read [.required().force_new()];
        transit_gateway_attachment_id: Text, none [.read(|r| attachment(r.held()).into())];
        transit_gateway_route_table_id: Text, read [.required().force_new()];
        prefix_list_owner_id: Text, read [.computed()];
    }
}

fn attachment(r: &Reference) -> Option<&str> {
    r.transit_gateway_attachment().and_then(|a| a.transit_gateway_attachment_id())
}

/// CreateTransitGatewayPrefixListReference and ModifyTransitGatewayPrefixListReference take the same.
macro_rules! send {
    ($call:expr, $attrs:expr) => {{
        let call = $call.set_transit_gateway_route_table_id($attrs.string(TABLE));
        call.set_prefix_list_id($attrs.string("prefix_list_id"))
            .set_transit_gateway_attachment_id(text($attrs, "transit_gateway_attachment_id"))
            .set_blackhole($attrs.bool("blackhole"))
            .send()
            .await?
    }};
}

impl Resource for AwsEc2TransitGatewayPrefixListReference {
    type Live = Reference;

    fn spec() -> Spec<Reference> {
        Spec::composite("aws_ec2_transit_gateway_prefix_list_reference", &KEY, OfReference::rows::<Reference>())
            .role(Role::OtherRoute(Unjudged::All("routes")))
            .progress(|r| listed::progress(r.state()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Reference>> {
        let found = each(which.parts(&KEY, TABLE), |table| async move {
            let call = aws.read.ec2.get_transit_gateway_prefix_list_references().transit_gateway_route_table_id(table);
            all_of(call.into_paginator().items().send()).await
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        send!(aws.write.ec2.create_transit_gateway_prefix_list_reference(), want);
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_any(&["blackhole", "transit_gateway_attachment_id"]) {
            send!(aws.write.ec2.modify_transit_gateway_prefix_list_reference(), change.after);
        }
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.delete_transit_gateway_prefix_list_reference();
        let call = call.set_transit_gateway_route_table_id(last.string(TABLE));
        settle::unless_gone(call.set_prefix_list_id(last.string("prefix_list_id")).send().await)
    }
}
