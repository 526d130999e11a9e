//! The family's data sources: an IP set or a web ACL by its name.

use super::ip_set;
use super::object::{self, Object};
use super::web_acl_association::current;
use crate::aws::{Aws, Error, Result};
use crate::resources::lookup::{Row, here, schema};
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};
use crate::value::Value;

fn common() -> Vec<Row> {
    let computed = ["arn", "description", "id"].map(|name| Row::string(name).computed());
    let scope = Row::string("scope").required().check(super::checks::scope);
    [scope, Row::string("region").optional_computed()].into_iter().chain(computed).collect()
}

fn found(aws: &Aws, config: &Attrs, object: &Object) -> Attrs {
    let text = |member: &str| Value::from(object.json[member].as_str());
    let config = config.clone().with("region", &*aws.region).with("name", text("Name")).with("id", text("Id"));
    config.with("arn", text("ARN")).with("description", text("Description"))
}

/// data aws_wafv2_ip_set.
pub struct IpSetData;

impl DataSource for IpSetData {
    fn schema() -> Schema {
        let own = [
            Row::string("name").required(),
            Row::string_set("addresses").computed(),
            Row::string("ip_address_version").computed(),
        ];
        schema("aws_wafv2_ip_set", rows(common().into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let set = object::look_up::<object::IpSet>(&aws, config).await?;
        let addresses = set.read(&ip_set::MEMBERS, "addresses");
        let addresses = if addresses.is_null() { Value::string_set::<&str>([]) } else { addresses };
        let version = Value::from(set.json["IPAddressVersion"].as_str());
        Ok(found(&aws, config, &set).with("addresses", addresses).with("ip_address_version", version))
    }
}

/// data aws_wafv2_web_acl: by its name, or by what it is in front of.
pub struct WebAclData;

impl DataSource for WebAclData {
    fn schema() -> Schema {
        let own = [Row::string("name").optional_computed(), Row::string("resource_arn")];
        let schema = schema("aws_wafv2_web_acl", rows(common().into_iter().chain(own)));
        Schema { exactly_one: &[&["name", "resource_arn"]], ..schema }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let named = match config.str("resource_arn").filter(|arn| !arn.is_empty()) {
            Some(resource) => {
                let missing = || Error::not_found(format!("no web ACL is in front of {resource}"));
                let acl = current(&aws, resource).await?.ok_or_else(missing)?;
                let name = acl.rsplit('/').nth(1).unwrap_or_default().to_owned();
                config.clone().with("name", name)
            }
            None => config.clone(),
        };
        let acl = object::look_up::<object::WebAcl>(&aws, &named).await?;
        Ok(found(&aws, config, &acl))
    }
}
