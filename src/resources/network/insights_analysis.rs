//! aws_ec2_network_insights_analysis: one look of the reachability analyzer along a path, and what it found.

use crate::resources::block::{TextList, TimestampCell};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::start_network_insights_analysis::builders::StartNetworkInsightsAnalysisFluentBuilder as Create;
use aws_sdk_ec2::types::{
    AdditionalDetail, AlternatePathHint, AnalysisAclRule, AnalysisComponent, AnalysisLoadBalancerListener,
    AnalysisPacketHeader, AnalysisRouteTableRoute, AnalysisSecurityGroupRule, AnalysisStatus, Explanation as Why,
    NetworkInsightsAnalysis as Analysis, PathComponent, PortRange, ResourceType, TransitGatewayRouteTableRoute,
};

/// The resource type `aws_ec2_network_insights_analysis`.
pub struct AwsEc2NetworkInsightsAnalysis;

table! {
    Rows: Analysis, create Create {
        filter_in_arns: Texts [.force_new()];
        network_insights_path_id: Text [.required().force_new()];
        wait_for_completion: Flag, none [.default(true)];
        alternate_path_hints: BlockList<Hint>, read [.computed()];
        arn = network_insights_analysis_arn: Text, read [.computed()];
        explanations: BlockList<Explanation>, read [.computed()];
        forward_path_components: BlockList<Step>, read [.computed()];
        path_found = network_path_found: Flag, read [.computed()];
        return_path_components: BlockList<Step>, read [.computed()];
        start_date: TimestampCell, read [.computed()];
        status: EnumCell, read [.computed()];
        status_message: Text, read [.computed()];
        warning_message: Text, read [.computed()];
    }
}

block! {
    Hint: AlternatePathHint => AlternatePathHint {
        component_arn: Text, read;
        component_id: Text, read;
    }
    Component: AnalysisComponent => AnalysisComponent {
        arn: Text, read;
        id: Text, read;
        name: Text, read;
    }
    Ports: PortRange => PortRange {
        from: Int, read;
        to: Int, read;
    }
    AclRule: AnalysisAclRule => AnalysisAclRule {
        cidr: Text, read;
        egress: Flag, read;
        port_range: BlockList<Ports>, read;
        protocol: Text, read;
        rule_action: Text, read;
        rule_number: Int, read;
    }
    GroupRule: AnalysisSecurityGroupRule => AnalysisSecurityGroupRule {
        cidr: Text, read;
        direction: Text, read;
        port_range: BlockList<Ports>, read;
        prefix_list_id: Text, read;
        protocol: Text, read;
        security_group_id: Text, read;
    }
    Route: AnalysisRouteTableRoute => AnalysisRouteTableRoute {
        destination_cidr: Text, read;
        destination_prefix_list_id: Text, read;
        egress_only_internet_gateway_id: Text, read;
        gateway_id: Text, read;
        instance_id: Text, read;
        nat_gateway_id: Text, read;
        network_interface_id: Text, read;
        origin: Text, read;
        transit_gateway_id: Text, read;
        vpc_peering_connection_id: Text, read;
    }
    TransitRoute: TransitGatewayRouteTableRoute => TransitGatewayRouteTableRoute {
        attachment_id: Text, read;
        destination_cidr: Text, read;
        prefix_list_id: Text, read;
        resource_id: Text, read;
        resource_type: Text, read;
        route_origin: Text, read;
        state: Text, read;
    }
    Header: AnalysisPacketHeader => AnalysisPacketHeader {
        destination_addresses: TextList, read;
        destination_port_ranges: BlockList<Ports>, read;
        protocol: Text, read;
        source_addresses: TextList, read;
        source_port_ranges: BlockList<Ports>, read;
    }
    Detail: AdditionalDetail => AdditionalDetail {
        additional_detail_type: Text, read;
        component: BlockList<Component>, read;
    }
    Listener: AnalysisLoadBalancerListener => AnalysisLoadBalancerListener {
        instance_port: Int, read;
        load_balancer_port: Int, read;
    }
    Step: PathComponent => PathComponent {
        acl_rule: BlockList<AclRule>, read;
        additional_details: BlockList<Detail>, read;
        attached_to: BlockList<Component>, read;
        component: BlockList<Component>, read;
        destination_vpc: BlockList<Component>, read;
        inbound_header: BlockList<Header>, read;
        outbound_header: BlockList<Header>, read;
        route_table_route: BlockList<Route>, read;
        security_group_rule: BlockList<GroupRule>, read;
        sequence_number: Int, read;
        source_vpc: BlockList<Component>, read;
        subnet: BlockList<Component>, read;
        transit_gateway: BlockList<Component>, read;
        transit_gateway_route_table_route: BlockList<TransitRoute>, read;
        vpc: BlockList<Component>, read;
    }
    Explanation: Why => Why {
        acl: BlockList<Component>, read;
        acl_rule: BlockList<AclRule>, read;
        address: Text, read;
        addresses: TextList, read;
        attached_to: BlockList<Component>, read;
        availability_zones: TextList, read;
        cidrs: TextList, read;
        classic_load_balancer_listener: BlockList<Listener>, read;
        component: BlockList<Component>, read;
        customer_gateway: BlockList<Component>, read;
        destination: BlockList<Component>, read;
        destination_vpc: BlockList<Component>, read;
        direction: Text, read;
        elastic_load_balancer_listener: BlockList<Component>, read;
        explanation_code: Text, read;
        ingress_route_table: BlockList<Component>, read;
        internet_gateway: BlockList<Component>, read;
        load_balancer_arn: Text, read;
        load_balancer_listener_port: Int, read;
        load_balancer_target_group: BlockList<Component>, read;
        load_balancer_target_groups: BlockList<Component>, read;
        load_balancer_target_port: Int, read;
        missing_component: Text, read;
        nat_gateway: BlockList<Component>, read;
        network_interface: BlockList<Component>, read;
        packet_field: Text, read;
        port: Int, read;
        port_ranges: BlockList<Ports>, read;
        prefix_list: BlockList<Component>, read;
        protocols: TextList, read;
        route_table: BlockList<Component>, read;
        route_table_route: BlockList<Route>, read;
        security_group: BlockList<Component>, read;
        security_group_rule: BlockList<GroupRule>, read;
        security_groups: BlockList<Component>, read;
        source_vpc: BlockList<Component>, read;
        state: Text, read;
        subnet: BlockList<Component>, read;
        subnet_route_table: BlockList<Component>, read;
        transit_gateway: BlockList<Component>, read;
        transit_gateway_attachment: BlockList<Component>, read;
        transit_gateway_route_table: BlockList<Component>, read;
        transit_gateway_route_table_route: BlockList<TransitRoute>, read;
        vpc: BlockList<Component>, read;
        vpc_endpoint: BlockList<Component>, read;
        vpc_peering_connection: BlockList<Component>, read;
        vpn_connection: BlockList<Component>, read;
        vpn_gateway: BlockList<Component>, read;
    }
}

/// How long an analysis may take, in seconds.
const LONGEST: u32 = 600;

fn runs(analysis: Option<&Analysis>) -> bool {
    analysis.is_some_and(|a| a.status() == Some(&AnalysisStatus::Running))
}

impl Resource for AwsEc2NetworkInsightsAnalysis {
    type Live = Analysis;

    fn spec() -> Spec<Analysis> {
        let id = |a: &Analysis| a.network_insights_analysis_id().map(Into::into);
        Spec::new("aws_ec2_network_insights_analysis", id, Rows::rows())
            .role(Role::NotServing("it only looks"))
            .tags(|a| tags::read(a.tags()))
            .unique(&[])
            .recover(Recover::ClientToken)
    }

    /// The call has no filter by id.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Analysis>> {
        let filters = match which {
            Which::Ids([]) | Which::NaturalKey(_) => return Ok(Vec::new()),
            Which::Ids(_) => vec![Vec::new()],
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
        };
        let mut found = listed!(aws, describe_network_insights_analyses, filters).await?;
        found.retain(|a| tags::meets(which, a.network_insights_analysis_id(), a.tags()));
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.start_network_insights_analysis(), want).client_token(&token.0);
        let tags = tags::at_creation(ResourceType::NetworkInsightsAnalysis, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        let id = made(answer.network_insights_analysis().and_then(Analysis::network_insights_analysis_id))?;
        if want.bool("wait_for_completion") != Some(false) {
            settle::seen_within::<Self>(LONGEST, aws, &id, "the analysis to end", |now| !runs(now)).await?;
        }
        Ok(id)
    }

    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("wait_for_completion");
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_network_insights_analysis().network_insights_analysis_id(id).send().await)
    }
}
