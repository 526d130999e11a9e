//! aws_customer_gateway: what AWS knows of a device at the other end. AWS makes no second one with
//! the same address and ASN but answers with the first, so the answer has to be checked: one object
//! must not be held by two resources. Deleted ones stay listed.

use super::limits::within;
use super::unpaged;
use crate::aws::{Aws, Error, Kind, Result, filter, filtered, made};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::{Attrs, Change, checks};
use crate::value::Value;
use aws_sdk_ec2::types::{CustomerGateway, Filter, GatewayType, ResourceType, Tag};
use std::net::IpAddr;

type A = spec::A<Live>;

/// The resource type `aws_customer_gateway`.
pub struct AwsCustomerGateway;

/// A gateway as listed.
pub struct Live {
    gateway: CustomerGateway,
    arn: String,
}

/// The gateways that filters find; all without any.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<CustomerGateway>> {
    unpaged(filters, |f| async move {
        let call = aws.read.ec2.describe_customer_gateways().set_filters(Some(f).filter(|f| !f.is_empty()));
        Ok(call.send().await?.customer_gateways.unwrap_or_default())
    })
    .await
}

/// The ARN of a gateway.
pub fn arn(aws: &Aws, gateway: &CustomerGateway) -> String {
    aws.ec2_arn(&format!("customer-gateway/{}", gateway.customer_gateway_id().unwrap_or_default()))
}

fn progress(l: &Live) -> Progress {
    match l.gateway.state() {
        Some("available") | None => Progress::Ready,
        Some("deleted") => Progress::Gone,
        Some(other) => Progress::Pending(other.into()),
    }
}

fn address(value: &Value) -> std::result::Result<(), String> {
    match value.as_str() {
        Some(text) if text.parse::<IpAddr>().is_err() => {
            Err(format!("{text:?} is not an IP address; expected the device's own, such as 203.0.113.10"))
        }
        _ => Ok(()),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    if given("ip_address") || given("certificate_arn") {
        return Vec::new();
    }
    vec![("ip_address", "a customer gateway needs ip_address, or certificate_arn for a device that moves".into())]
}

fn holds_token(tags: &[Tag], token: &Token) -> bool {
    tags::hold_token(tags.iter().map(|t| (t.key().unwrap_or_default(), t.value().unwrap_or_default())), token)
}

impl Resource for AwsCustomerGateway {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let [tags, tags_all] = A::tags(|l| tags::read(l.gateway.tags()));
        Spec::new(
            "aws_customer_gateway",
            |l| l.gateway.customer_gateway_id().map(Into::into),
            vec![
                A::string("bgp_asn")
                    .optional_computed()
                    .force_new()
                    .check(|v| within(v, 1..=2_147_483_647))
                    .read(|l| l.gateway.bgp_asn().into()),
                A::string("bgp_asn_extended")
                    .optional_computed()
                    .force_new()
                    .check(|v| within(v, 2_147_483_648..=4_294_967_295))
                    .read(|l| l.gateway.bgp_asn_extended().into()),
                A::string("certificate_arn").force_new().read(|l| l.gateway.certificate_arn().into()),
                A::string("device_name").force_new().read(|l| l.gateway.device_name().into()),
                A::string("ip_address").force_new().check(address).read(|l| l.gateway.ip_address().into()),
                A::string("type")
                    .required()
                    .force_new()
                    .check(|v| checks::one_of(v, &["ipsec.1"]))
                    .read(|l| l.gateway.r#type().into()),
                A::string("arn").computed().read(|l| l.arn.as_str().into()),
                tags,
                tags_all,
            ],
        )
        .unique(&[
            &["ip_address", "type", "bgp_asn", "bgp_asn_extended", "device_name"],
            &["certificate_arn", "type", "bgp_asn", "bgp_asn_extended", "device_name"],
        ])
        .progress(progress)
        .conflicts(&[&["bgp_asn", "bgp_asn_extended"]])
        .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = match which {
            Which::Ids(ids) => filtered("customer-gateway-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => {
                let mut filters = vec![filter("ip-address", want.str("ip_address").unwrap_or_default())];
                filters.extend(want.str("bgp_asn").map(|asn| filter("bgp-asn", asn)));
                vec![filters]
            }
        };
        let found = listed(aws, filters).await?;
        Ok(found.into_iter().map(|gateway| Live { arn: arn(aws, &gateway), gateway }).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let asn = |name: &str| want.str(name).and_then(|text| text.parse::<i64>().ok());
        let answer = aws
            .write
            .ec2
            .create_customer_gateway()
            .r#type(GatewayType::from(want.str("type").unwrap_or_default()))
            .set_bgp_asn(asn("bgp_asn").and_then(|n| i32::try_from(n).ok()))
            .set_bgp_asn_extended(asn("bgp_asn_extended"))
            .set_certificate_arn(want.string("certificate_arn"))
            .set_device_name(want.string("device_name"))
            .set_ip_address(want.string("ip_address"))
            .tag_specifications(tags::at_creation(ResourceType::CustomerGateway, want, token))
            .send()
            .await?;
        let gateway = answer.customer_gateway();
        let id = made(gateway.and_then(CustomerGateway::customer_gateway_id))?;
        if gateway.is_some_and(|g| holds_token(g.tags(), token)) {
            return Ok(id);
        }
        let found = listed(aws, filtered("customer-gateway-id", std::slice::from_ref(&id))).await?;
        if found.iter().all(|g| holds_token(g.tags(), token)) {
            return Ok(id);
        }
        let cure = "import it, or give its id to what needs it";
        Err(Error::new(Kind::Exists, format!("{id} has this address and ASN already, and AWS makes no second: {cure}")))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_customer_gateway().customer_gateway_id(id).send().await?;
        Ok(())
    }
}
