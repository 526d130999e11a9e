//! aws_customer_gateway: what AWS knows of a device at the other end. AWS makes no second one with
//! the same address and ASN but answers with the first, so the answer has to be checked: one object
//! must not be held by two resources. Deleted ones stay listed.

use super::limits::{number, same_or_default, within};
use super::listed;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_customer_gateway::builders::CreateCustomerGatewayFluentBuilder as Create;
use aws_sdk_ec2::types::{CustomerGateway, Filter, ResourceType, Tag};
use std::net::IpAddr;

/// The resource type `aws_customer_gateway`.
pub struct AwsCustomerGateway;

type Live = WithArn<CustomerGateway>;

table! {
    Rows: Live, create Create {
        bgp_asn: IntText [.force_new().check(|v| within(v, 1..=2_147_483_647)).normal(Normal::With(same_asn))];
        bgp_asn_extended: IntText [.force_new().check(|v| within(v, 2_147_483_648..=4_294_967_295))];
        certificate_arn: Text [.force_new()];
        device_name: Text [.force_new()];
        ip_address: Text [.force_new().check(address)];
        r#type: EnumCell [.required().force_new().check(|v| checks::one_of(v, &["ipsec.1"]))];
        arn: Text, read [.computed()];
    }
}

/// What AWS gives to a device whose number is left out.
const DEFAULT_ASN: i64 = 65_000;

fn same_asn(a: &Value, b: &Value) -> bool {
    same_or_default(a, b, |v| number(v) == Some(DEFAULT_ASN))
}

/// The gateways that filters find; all without any.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Live>> {
    let call =
        |f| async { Ok(aws.read.ec2.describe_customer_gateways().set_filters(f).send().await?.customer_gateways) };
    Ok(WithArn::all(aws, "customer-gateway", unpaged(filters, call).await?, CustomerGateway::customer_gateway_id))
}

fn address(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| text.parse::<IpAddr>().is_ok(),
        "is not an IP address; expected the device's own, such as 203.0.113.10",
    )
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let problem = "a customer gateway needs ip_address, or certificate_arn for a device that moves";
    checks::any_given(want, &["ip_address", "certificate_arn"], problem)
}

fn holds_token(tags: &[Tag], token: &Token) -> bool {
    tags::hold_token(tags, token)
}

impl Resource for AwsCustomerGateway {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_customer_gateway", |g| g.customer_gateway_id().map(Into::into), Rows::rows::<Live>())
            .role(Role::Gateway(Unjudged::All("tunnels")))
            .tags(|g| tags::read(g.tags()))
            .unique(&[
                &["ip_address", "type", "bgp_asn", "bgp_asn_extended", "device_name"],
                &["certificate_arn", "type", "bgp_asn", "bgp_asn_extended", "device_name"],
            ])
            .progress(|g| listed::progress(g.state()))
            .conflicts(&[&["bgp_asn", "bgp_asn_extended"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let by = [("ip-address", "ip_address"), ("bgp-asn", "bgp_asn")];
        listed(aws, listed::filters(which, "customer-gateway-id", &by)).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_customer_gateway(), want);
        let tags = tags::at_creation(ResourceType::CustomerGateway, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        let gateway = answer.customer_gateway();
        let id = made(gateway.and_then(CustomerGateway::customer_gateway_id))?;
        if gateway.is_some_and(|g| holds_token(g.tags(), token)) {
            return Ok(id);
        }
        let found = settle::find::<AwsCustomerGateway>(aws, &id).await?;
        if found.is_none_or(|g| holds_token(g.tags(), token)) {
            return Ok(id);
        }
        let cure = "import it, or give its id to what needs it";
        Err(Error::new(Kind::Exists, format!("{id} has this address and ASN already, and AWS makes no second: {cure}")))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_customer_gateway().customer_gateway_id(id).send().await.map(drop)?)
    }
}
