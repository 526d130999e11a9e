//! aws_ec2_client_vpn_endpoint: where people's own machines come into a network.

use crate::resources::block::TextList;
use crate::resources::lookup::{Row, answer, filters, found, found_by, here, mirrored, one, read_as, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_client_vpn_endpoint::builders::CreateClientVpnEndpointFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_client_vpn_endpoint::builders::ModifyClientVpnEndpointFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    CertificateAuthenticationRequest, ClientConnectOptions, ClientConnectResponseOptions, ClientLoginBannerOptions,
    ClientLoginBannerResponseOptions, ClientRouteEnforcementOptions, ClientRouteEnforcementResponseOptions,
    ClientVpnAuthentication, ClientVpnAuthenticationRequest, ClientVpnEndpoint, ConnectionLogOptions,
    ConnectionLogResponseOptions, DirectoryServiceAuthenticationRequest, DnsServersOptionsModifyStructure,
    FederatedAuthenticationRequest, Filter, ResourceType,
    TransitGatewayConfigurationDescribeEndpointStructure as GatewayAnswer,
    TransitGatewayConfigurationInputStructure as GatewayInput,
};

/// The resource type `aws_ec2_client_vpn_endpoint`.
pub struct AwsEc2ClientVpnEndpoint;
/// The data source `aws_ec2_client_vpn_endpoint`.
pub struct ClientVpnEndpointData;

/// An endpoint as listed.
pub type Endpoint = WithArn<ClientVpnEndpoint>;

table! {
    Rows: Endpoint, create Create, modify Modify {
        authentication_options: BlockSet<Proof>, read [.required().count(1, Some(2)).force_new()];
        client_cidr_block: Text [.force_new().check(checks::ipv4_cidr)];
        client_connect_options: OptionalBlock<OnConnect>, read, create, modify [.optional_computed()];
        client_login_banner_options: OptionalBlock<Banner>, read, create, modify [.optional_computed()];
        client_route_enforcement_options: OptionalBlock<Enforcement>, read, create, modify [.optional_computed()];
        connection_log_options: OptionalBlock<Log>, read, create, modify [.required().count(1, Some(1))];
        description: Text, read, create, modify;
        disconnect_on_session_timeout: Flag, read, create, modify [.optional_computed()];
        dns_servers: TextList;
        endpoint_ip_address_type: EnumCell [.optional_computed().force_new()];
        security_group_ids: Texts [.optional_computed()];
        self_service_portal: EnumCell, create, modify
            [.default("disabled").check(|v| checks::one_of(v, &["enabled", "disabled"]))]
            [.read(|e| if e.held().self_service_portal_url().is_some() { "enabled" } else { "disabled" }.into())];
        server_certificate_arn: Text, read, create, modify [.required()];
        session_timeout_hours: Int, read, create, modify [.default(24)];
        split_tunnel: Switch, read, create, modify;
        traffic_ip_address_type: EnumCell [.optional_computed().force_new()];
        transit_gateway_configuration: OptionalBlock<Gateway>, read, create, modify [.optional_computed()];
        transport_protocol: EnumCell [.default("udp").force_new().check(|v| checks::one_of(v, &["tcp", "udp"]))];
        vpc_id: Text [.optional_computed()];
        vpn_port: Int, read, create, modify [.default(443)]
            [.check(|v| checks::number(v, |n| matches!(n, 443 | 1194), "is not a valid port; expected 443 or 1194"))];
        arn: Text, read [.computed()];
        dns_name: Text, read [.computed()];
        self_service_portal_url: Text, read [.computed().follows(&["self_service_portal"])];
    }
}

block! {
    Proof: ClientVpnAuthentication => ClientVpnAuthenticationRequest {
        active_directory_id: Text, none
            [.read(|a| a.held().active_directory().and_then(|d| d.directory_id()).into())];
        root_certificate_chain_arn: Text, none
            [.read(|a| a.held().mutual_authentication().and_then(|m| m.client_root_certificate_chain()).into())];
        saml_provider_arn: Text, none
            [.read(|a| a.held().federated_authentication().and_then(|f| f.saml_provider_arn()).into())];
        self_service_saml_provider_arn: Text, none
            [.read(|a| a.held().federated_authentication().and_then(|f| f.self_service_saml_provider_arn()).into())];
        r#type: EnumCell [.required()];
    }
    OnConnect: ClientConnectResponseOptions => ClientConnectOptions {
        enabled: Flag [.optional_computed()];
        lambda_function_arn: Text [.optional_computed()];
    }
    Banner: ClientLoginBannerResponseOptions => ClientLoginBannerOptions {
        banner_text: Text [.optional_computed()];
        enabled: Flag [.optional_computed()];
    }
    Enforcement: ClientRouteEnforcementResponseOptions => ClientRouteEnforcementOptions {
        enforced: Flag [.optional_computed()];
    }
    Log: ConnectionLogResponseOptions => ConnectionLogOptions {
        cloudwatch_log_group: Text;
        cloudwatch_log_stream: Text [.optional_computed()];
        enabled: Flag [.required()];
    }
    Gateway: GatewayAnswer => GatewayInput {
        availability_zone_ids: Texts [.optional_computed()];
        availability_zones: Texts;
        transit_gateway_attachment_id: Text, read [.computed()];
        transit_gateway_id: Text;
    }
}

/// How people prove who they are, as the API takes it.
fn proof(block: &Attrs) -> ClientVpnAuthenticationRequest {
    let directory = text(block, "active_directory_id");
    let directory = directory.map(|id| DirectoryServiceAuthenticationRequest::builder().directory_id(id).build());
    let chain = text(block, "root_certificate_chain_arn")
        .map(|arn| CertificateAuthenticationRequest::builder().client_root_certificate_chain_arn(arn).build());
    let federated = text(block, "saml_provider_arn").map(|arn| {
        let own = text(block, "self_service_saml_provider_arn");
        let federated = FederatedAuthenticationRequest::builder().saml_provider_arn(arn);
        federated.set_self_service_saml_provider_arn(own).build()
    });
    ClientVpnAuthenticationRequest::builder()
        .set_type(EnumCell::put(block, "type"))
        .set_active_directory(directory)
        .set_mutual_authentication(chain)
        .set_federated_authentication(federated)
        .build()
}

/// The endpoints that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Endpoint>> {
    let found = listed!(aws, describe_client_vpn_endpoints, filters).await?;
    Ok(WithArn::all(aws, "client-vpn-endpoint", found, ClientVpnEndpoint::client_vpn_endpoint_id))
}

/// How far a part of a client VPN is, by AWS's word.
pub fn progress(code: Option<&str>, why: Option<&str>) -> Progress {
    match code {
        Some("deleted" | "disassociated") => Progress::Gone,
        Some(word @ ("failed" | "association-failed")) => Progress::Failed(why.unwrap_or(word).into()),
        Some(word @ ("deleting" | "creating" | "associating" | "disassociating" | "authorizing" | "revoking")) => {
            Progress::Pending(word.into())
        }
        _ => Progress::Ready,
    }
}

impl Resource for AwsEc2ClientVpnEndpoint {
    type Live = Endpoint;

    fn spec() -> Spec<Endpoint> {
        let id = |e: &Endpoint| e.client_vpn_endpoint_id().map(Into::into);
        Spec::new("aws_ec2_client_vpn_endpoint", id, Rows::rows())
            .role(Role::Gateway(Unjudged::All("routes")))
            .tags(|e| tags::read(e.tags()))
            .unique(&[])
            .recover(Recover::ClientToken)
            .wait_for_deletion()
            .progress(|e| progress(e.status().and_then(|s| s.code()).map(|c| c.as_str()), None))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Endpoint>> {
        listed(aws, tags::filters(which, "endpoint-id", &[("endpoint-id", "id")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let proofs = want.blocks("authentication_options").iter().map(proof).collect();
        let call = Rows::create(aws.write.ec2.create_client_vpn_endpoint(), want).client_token(&token.0);
        let tags = tags::at_creation(ResourceType::ClientVpnEndpoint, want, token);
        let answer = call.set_authentication_options(Some(proofs)).tag_specifications(tags).send().await?;
        made(answer.client_vpn_endpoint_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let mut call = aws.write.ec2.modify_client_vpn_endpoint().client_vpn_endpoint_id(id);
        // AWS takes the groups with their VPC.
        let grouped = change.take_any(&["security_group_ids", "vpc_id"]);
        if grouped {
            let groups = some(change.after.strings("security_group_ids"));
            call = call.set_security_group_ids(groups).set_vpc_id(text(change.after, "vpc_id"));
        }
        let named = change.take("dns_servers").is_some();
        if named {
            let servers = some(change.after.strings("dns_servers"));
            let options = DnsServersOptionsModifyStructure::builder().enabled(servers.is_some());
            call = call.dns_servers(options.set_custom_dns_servers(servers).build());
        }
        if let Some(call) = Rows::modify(call.clone(), change).or((grouped || named).then_some(call)) {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_client_vpn_endpoint().client_vpn_endpoint_id(id).send().await)
    }
}

impl DataSource for ClientVpnEndpointData {
    fn schema() -> Schema {
        const NOT: [&str; 7] = [
            "authentication_options",
            "disconnect_on_session_timeout",
            "id",
            "region",
            "security_group_ids",
            "tags",
            "tags_all",
        ];
        let all = AwsEc2ClientVpnEndpoint::spec().schema.attributes;
        let names: Vec<&str> = all.iter().map(|row| row.name).filter(|name| !NOT.contains(name)).collect();
        let same = mirrored::<AwsEc2ClientVpnEndpoint>(&names).into_iter();
        let lists = [
            Row::block("authentication_options", Nesting::List, Proof::rows()).computed(),
            answer::<TextList>("security_group_ids"),
            answer::<Text>("id"),
        ];
        let by = [("client_vpn_endpoint_id", "endpoint-id")];
        schema("aws_ec2_client_vpn_endpoint", found_by(&by, same.chain(lists)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let by = filters(config, &[("client_vpn_endpoint_id", "endpoint-id")]);
        let endpoint = one(listed(&aws, vec![by]).await?, "client VPN endpoint")?;
        let attrs = read_as::<AwsEc2ClientVpnEndpoint>(&endpoint);
        let proofs = attrs.elements("authentication_options").to_vec();
        let groups = attrs.strings("security_group_ids");
        Ok(found(config, &aws, &attrs)
            .with("client_vpn_endpoint_id", endpoint.client_vpn_endpoint_id())
            .with("authentication_options", Value::list(object_type(&Proof::rows()), proofs))
            .with("security_group_ids", Value::strings(groups)))
    }
}
