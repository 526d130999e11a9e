//! One element of each listing, as AWS answers it, and the objects that it becomes.

use super::*;

/// The objects of an answer, by their types and ids, and the attributes of the first.
fn made(answer: &str, list: &str, made: Made) -> (Vec<String>, Json) {
    let objects = each(answer, list, made);
    let attributes = objects.first().map_or(Json::Null, |object| object.attributes.clone());
    (objects.into_iter().map(|object| object.address).collect(), attributes)
}

#[test]
fn a_route_table_has_its_routes_and_its_subnets() {
    let answer = "<R><routeTableSet><item>
        <routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId>
        <propagatingVgwSet><item><gatewayId>vgw-1</gatewayId></item></propagatingVgwSet>
        <associationSet>
          <item><main>true</main><routeTableAssociationId>a-1</routeTableAssociationId></item>
          <item><main>false</main><routeTableAssociationId>a-2</routeTableAssociationId><subnetId>s-1</subnetId></item>
        </associationSet>
        <routeSet>
          <item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId></item>
          <item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>nat-1</natGatewayId></item>
          <item><destinationCidrBlock>10.9.0.0/16</destinationCidrBlock><gatewayId>vgw-1</gatewayId>
            <origin>EnableVgwRoutePropagation</origin></item>
        </routeSet></item></routeTableSet></R>";
    let (objects, attributes) = made(answer, "routeTableSet", route_table);
    let associations = ["aws_main_route_table_association.a-1", "aws_route_table_association.a-2"];
    assert_eq!(objects, ["aws_route_table.rtb-1", associations[0], associations[1]]);
    let routes = attributes["route"].as_array().expect("routes");
    assert_eq!(routes.len(), 2, "what is propagated is not a route of its own: {routes:?}");
    assert_eq!((&routes[1]["cidr_block"], &routes[1]["nat_gateway_id"]), (&json!("0.0.0.0/0"), &json!("nat-1")));
    assert_eq!(attributes["propagating_vgws"], json!(["vgw-1"]));
}

#[test]
fn groups_and_acls_have_their_rules_by_direction() {
    let answer = "<R><securityGroupInfo><item><groupId>sg-1</groupId><vpcId>vpc-1</vpcId>
        <ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>81</toPort>
          <groups><item><groupId>sg-2</groupId></item></groups>
          <ipRanges><item><cidrIp>10.0.0.0/8</cidrIp></item><item><cidrIp>192.0.2.0/24</cidrIp></item></ipRanges>
        </item></ipPermissions>
        <ipPermissionsEgress><item><ipProtocol>-1</ipProtocol></item></ipPermissionsEgress>
        </item></securityGroupInfo></R>";
    let (_, group) = made(answer, "securityGroupInfo", security_group);
    let rule = json!({
        "protocol": "tcp", "from_port": "80", "to_port": "81", "cidr_blocks": ["10.0.0.0/8", "192.0.2.0/24"],
        "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": ["sg-2"],
    });
    assert_eq!(group["ingress"], json!([rule]));
    assert_eq!(group["egress"][0]["protocol"], "-1");

    let answer = "<R><networkAclSet><item><networkAclId>acl-1</networkAclId>
        <associationSet><item><subnetId>s-1</subnetId></item></associationSet>
        <entrySet>
          <item><egress>true</egress><ruleNumber>1</ruleNumber><protocol>-1</protocol></item>
          <item><egress>false</egress><ruleNumber>2</ruleNumber><protocol>6</protocol><ruleAction>deny</ruleAction>
            <cidrBlock>0.0.0.0/0</cidrBlock><portRange><from>22</from><to>23</to></portRange></item>
        </entrySet></item></networkAclSet></R>";
    let (_, acl) = made(answer, "networkAclSet", network_acl);
    assert_eq!((&acl["subnet_ids"], &acl["egress"][0]["rule_no"]), (&json!(["s-1"]), &json!("1")));
    let (entry, expected) = (&acl["ingress"][0], ["2", "deny", "6", "0.0.0.0/0", "22", "23"]);
    assert_eq!(["rule_no", "action", "protocol", "cidr_block", "from_port", "to_port"].map(|n| &entry[n]), expected);
}

#[test]
fn what_carries_nothing_at_the_moment_is_left_out() {
    let table: [(Made, &str, [&str; 2]); 6] = [
        (
            instance,
            "<x><instanceId>i-1</instanceId><instanceState><name>?</name></instanceState></x>",
            ["running", "stopping"],
        ),
        (nat_gateway, "<x><natGatewayId>nat-1</natGatewayId><state>?</state></x>", ["available", "deleting"]),
        (
            vpn_connection,
            "<x><vpnConnectionId>vpn-1</vpnConnectionId><state>available</state>
             <vgwTelemetry><item><status>DOWN</status></item><item><status>?</status></item></vgwTelemetry></x>",
            ["UP", "DOWN"],
        ),
        (
            database,
            "<x><DBInstanceIdentifier>db</DBInstanceIdentifier><DBInstanceStatus>?</DBInstanceStatus></x>",
            ["modifying", "renaming"],
        ),
        (lb, "<x><LoadBalancerArn>arn</LoadBalancerArn><State><Code>?</Code></State></x>", ["active", "provisioning"]),
        (
            target,
            "<x><Target><Id>i-1</Id><Port>80</Port></Target><TargetHealth><State>?</State></TargetHealth></x>",
            ["healthy", "draining"],
        ),
    ];
    for (made, element, [there, away]) in table {
        let with = |state: &str| each(&format!("<l>{}</l>", element.replace('?', state)), "l", made).len();
        assert!(with(there) > 0, "{element} {there}");
        assert_eq!(with(away), 0, "{element} {away}");
    }
}

#[test]
fn a_listener_sends_to_groups_by_their_weights() {
    let answer = "<R><Listeners><member><ListenerArn>l</ListenerArn><LoadBalancerArn>lb</LoadBalancerArn>
        <Port>80</Port><Protocol>HTTP</Protocol><DefaultActions><member><Type>forward</Type>
          <ForwardConfig><TargetGroups>
            <member><TargetGroupArn>old</TargetGroupArn><Weight>0</Weight></member>
            <member><TargetGroupArn>new</TargetGroupArn></member>
          </TargetGroups></ForwardConfig></member></DefaultActions></member></Listeners></R>";
    let (_, attributes) = made(answer, "Listeners", listener);
    let shares = json!([{ "arn": "old", "weight": 0 }, { "arn": "new", "weight": 1 }]);
    assert_eq!(attributes["default_action"][0]["forward"][0]["target_group"], shares);
    let plain = "<R><Listeners><member><DefaultActions><member><Type>forward</Type>
        <TargetGroupArn>only</TargetGroupArn></member></DefaultActions></member></Listeners></R>";
    let (_, attributes) = made(plain, "Listeners", listener);
    assert_eq!(attributes["default_action"][0]["target_group_arn"], "only");
}

#[test]
fn a_balancer_is_where_its_interfaces_are() {
    let answer = "<R><networkInterfaceSet>
        <item><description>ELB app/front/1</description><subnetId>s-1</subnetId>
          <privateIpAddress>10.0.0.9</privateIpAddress></item>
        <item><description>ELB app/other/2</description><subnetId>s-1</subnetId>
          <privateIpAddress>10.0.0.8</privateIpAddress></item>
        </networkInterfaceSet></R>";
    let nodes = nodes_of(answer, "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/front/1");
    assert_eq!(nodes, [json!({ "subnet_id": "s-1", "private_ipv4_address": "10.0.0.9" })]);
}
