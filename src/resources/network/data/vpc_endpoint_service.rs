//! data aws_vpc_endpoint_service: a service that a VPC endpoint can be made for.

use crate::resources::lookup::{Row, filters, lookup_rows, one, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{ServiceConnectivityType, ServiceDetail, ServiceType};

/// The data source `aws_vpc_endpoint_service`.
pub struct EndpointServiceData;

const BY: [(&str, &str); 1] = [("service_type", "service-type")];

/// The services with this name, or all, that filters find.
async fn listed(aws: &Aws, config: &Attrs, name: Option<String>) -> Result<Vec<ServiceDetail>> {
    let regions = Some(config.strings("service_regions")).filter(|all| !all.is_empty());
    let by = Some(filters(config, &BY)).filter(|f| !f.is_empty());
    let call = aws.read.ec2.describe_vpc_endpoint_services().set_service_regions(regions).set_filters(by);
    let call = call.set_service_names(name.map(|name| vec![name]));
    let mut all = Vec::new();
    let mut next = None;
    loop {
        let page = call.clone().set_next_token(next).send().await.map_err(Error::from);
        let page = match page {
            Err(e) if e.is("InvalidServiceName") => return Err(Error { kind: Kind::NotFound, ..e }),
            page => page?,
        };
        all.extend(page.service_details.unwrap_or_default());
        next = page.next_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(all);
        }
    }
}

impl DataSource for EndpointServiceData {
    fn schema() -> Schema {
        let given = [
            Row::string("service"),
            Row::string("service_name").optional_computed(),
            Row::string_set("service_regions"),
            Row::string("service_type").optional_computed(),
        ];
        let texts = ["arn", "id", "owner", "private_dns_name", "region", "service_id", "service_region"];
        let switches = ["acceptance_required", "manages_vpc_endpoints", "vpc_endpoint_policy_supported"];
        let sets = ["availability_zones", "base_endpoint_dns_names", "private_dns_names", "supported_ip_address_types"];
        let computed = texts.into_iter().map(Row::string);
        let computed = computed.chain(switches.into_iter().map(Row::bool)).chain(sets.into_iter().map(Row::string_set));
        let lookup = lookup_rows().into_iter().filter(|row| row.row.name != "region");
        let all = given.into_iter().chain(computed.map(Row::computed)).chain(lookup);
        Schema { conflicts: &[&["service", "service_name"]], ..schema("aws_vpc_endpoint_service", rows(all)) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let short = config.str("service").map(|service| format!("com.amazonaws.{}.{service}", aws.region));
        let found = listed(aws, config, config.string("service_name").or(short)).await?;
        let s = one(found, "endpoint service")?;
        let id = s.service_id().unwrap_or_default();
        let private = s.private_dns_names().iter().filter_map(|n| n.private_dns_name());
        let kind = s.service_type().iter().find_map(|t| t.service_type());
        Ok(config
            .clone()
            .with("acceptance_required", s.acceptance_required())
            .with("arn", aws.ec2_arn(&format!("vpc-endpoint-service/{id}")))
            .with("availability_zones", Value::string_set(s.availability_zones()))
            .with("base_endpoint_dns_names", Value::string_set(s.base_endpoint_dns_names()))
            .with("id", s.service_name())
            .with("manages_vpc_endpoints", s.manages_vpc_endpoints())
            .with("owner", s.owner())
            .with("private_dns_name", s.private_dns_name())
            .with("private_dns_names", Value::string_set(private))
            .with("region", &*aws.region)
            .with("service_id", id)
            .with("service_name", s.service_name())
            .with("service_region", s.service_region().unwrap_or(&aws.region))
            .with("service_type", kind.map(ServiceType::as_str))
            .with(
                "supported_ip_address_types",
                Value::string_set(s.supported_ip_address_types().iter().map(ServiceConnectivityType::as_str)),
            )
            .with("tags", tags::read(s.tags()))
            .with("vpc_endpoint_policy_supported", s.vpc_endpoint_policy_supported()))
    }
}
