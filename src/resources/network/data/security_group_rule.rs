//! data aws_vpc_security_group_rule: one rule of a group.

use crate::resources::block::TextMap;
use crate::resources::lookup::{answer, as_resource, filters, found, found_by, here, mirrored, one, schema};
use crate::resources::network::vpc_security_group_rule::{AwsVpcSecurityGroupIngressRule, OneRule, listed};
use crate::resources::prelude::*;

/// The data source `aws_vpc_security_group_rule`.
pub struct SecurityGroupRuleData;

const ID: [(&str, &str); 1] = [("security_group_rule_id", "security-group-rule-id")];

impl DataSource for SecurityGroupRuleData {
    fn schema() -> Schema {
        let same = mirrored::<AwsVpcSecurityGroupIngressRule>(&[
            "arn",
            "cidr_ipv4",
            "cidr_ipv6",
            "description",
            "from_port",
            "ip_protocol",
            "prefix_list_id",
            "referenced_security_group_id",
            "security_group_id",
            "to_port",
        ]);
        let own = [answer::<Flag>("is_egress"), answer::<Text>("id")];
        let mut all = found_by(&ID, same.into_iter().chain(own));
        all.retain(|row| row.name != "tags");
        all.extend(rows([answer::<TextMap>("tags")]));
        schema("aws_vpc_security_group_rule", all)
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let rule = one(listed(&aws, vec![filters(config, &ID)]).await?, "security group rule")?;
        let egress = rule.is_egress() == Some(true);
        let ids: Vec<String> = rule.security_group_rule_id.clone().into_iter().collect();
        let what = "security group rule";
        let attrs = match egress {
            true => as_resource::<OneRule<true>>(&aws, ids, what).await?.1,
            false => as_resource::<OneRule<false>>(&aws, ids, what).await?.1,
        };
        Ok(found(config, &aws, &attrs).with("is_egress", egress))
    }
}
