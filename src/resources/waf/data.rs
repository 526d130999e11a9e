//! The family's data sources: an IP set or a web ACL by its name.

use super::object::{IpSet, Kind, Waf, WebAcl, look_up};
use super::web_acl_association::current;
use crate::resources::lookup::{found, here, mirrored, schema};
use crate::resources::prelude::*;

fn common<K: Kind>(more: &[&str]) -> Vec<Row> {
    let scope = Row::string("scope").required().check(super::checks::scope);
    let own = [scope, Row::string("region").optional_computed()];
    own.into_iter().chain(mirrored::<Waf<K>>(&[&["arn", "description", "id"], more].concat())).collect()
}

async fn read<K: Kind>(aws: &Aws, config: &Attrs, named: &Attrs) -> Result<Attrs> {
    let object = look_up::<K>(aws, named).await?;
    Ok(found(config, aws, &Waf::<K>::spec().read(&object)))
}

/// data aws_wafv2_ip_set.
pub struct IpSetData;

impl DataSource for IpSetData {
    fn schema() -> Schema {
        let own = common::<IpSet>(&["addresses", "ip_address_version"]);
        schema("aws_wafv2_ip_set", rows([Row::string("name").required()].into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let set = read::<IpSet>(&here(aws, config), config, config).await?;
        let addresses = set.get("addresses").filter(|all| !all.is_null()).cloned();
        Ok(set.with("addresses", addresses.unwrap_or_else(|| Value::string_set::<&str>([]))))
    }
}

/// data aws_wafv2_web_acl: by its name, or by what it is in front of.
pub struct WebAclData;

impl DataSource for WebAclData {
    fn schema() -> Schema {
        let own = [Row::string("name"), Row::string("resource_arn")];
        let schema = schema("aws_wafv2_web_acl", rows(own.into_iter().chain(common::<WebAcl>(&[]))));
        Schema { exactly_one: &[&["name", "resource_arn"]], ..schema }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut named = config.clone();
        if let Some(resource) = config.str("resource_arn").filter(|arn| !arn.is_empty()) {
            let missing = || Error::not_found(format!("no web ACL is in front of {resource}"));
            let acl = current(&aws, resource).await?.ok_or_else(missing)?;
            named = named.with("name", acl.rsplit('/').nth(1).unwrap_or_default());
        }
        read::<WebAcl>(&aws, config, &named).await
    }
}
