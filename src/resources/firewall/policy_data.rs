//! data.aws_networkfirewall_firewall_policy: a policy by its ARN, or by its name in this account.

use super::policy;
use crate::resources::lookup::{self, as_resource, mirrored};
use crate::resources::prelude::*;

/// The data source `aws_networkfirewall_firewall_policy`.
pub struct AwsNetworkfirewallFirewallPolicy;

const ANSWERS: [&str; 3] = ["description", "firewall_policy", "update_token"];

fn check(config: &Attrs) -> Faults {
    let lacks = |name| !config.is_unknown(name) && text(config, name).is_none();
    faults! {
        lacks("arn") && lacks("name") => "name", "a policy is looked up by its arn or its name: give one";
    }
}

impl DataSource for AwsNetworkfirewallFirewallPolicy {
    fn schema() -> Schema {
        let asked = [
            Row::string("arn"),
            Row::string("name"),
            Row::string("region").optional_computed(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            lookup::answer::<Text>("id"),
        ];
        let answers = mirrored::<policy::AwsNetworkfirewallFirewallPolicy>(&ANSWERS);
        let all = rows(asked.into_iter().chain(answers));
        Schema { check: Some(check), ..lookup::schema("aws_networkfirewall_firewall_policy", all) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = &lookup::here(aws, config);
        let named = || super::arn(aws, "firewall-policy", config.str("name").unwrap_or_default());
        let id = text(config, "arn").unwrap_or_else(named);
        let (live, found) =
            as_resource::<policy::AwsNetworkfirewallFirewallPolicy>(aws, vec![id], "firewall policy").await?;
        let wanted = text(config, "name");
        if wanted.is_some() && wanted.as_deref() != found.str("name") {
            return Err(Error::not_found(format!("{} is not the ARN of a policy of that name", live.id)));
        }
        let shown = ANSWERS.iter().chain(&["arn", "id", "name", "tags"]);
        let shown = shown.filter_map(|name| Some((*name, found.get(name)?.clone())));
        Ok(lookup::found(config, aws, &shown.collect()))
    }
}
