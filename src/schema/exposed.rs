//! The value of an object that expressions see. Most types of Terraform's provider have no null in what AWS answers: a text that
//! AWS leaves out is `""`, a number 0, a bool false, and a block that is not there an empty list. Layouts are written for
//! that: `join("", aws_vpc.main[*].ipv6_association_id)`, `length(aws_lb.web.access_logs)`.

use super::rows::{Attribute, Block, Mode};
use super::{Attrs, Schema};
use crate::value::{Type, Value};

/// The types of the provider that are built in its newer way, and do have nulls. A test holds the list against the
/// reference.
pub const WITH_NULLS: [&str; 34] = [
    "aws_backup_restore_testing_plan",
    "aws_backup_restore_testing_selection",
    "aws_cloudfront_vpc_origin",
    "aws_cognito_user_pool_client",
    "aws_ec2_instance_connect_endpoint",
    "aws_ec2_instance_metadata_defaults",
    "aws_ec2_transit_gateway_default_route_table_association",
    "aws_ec2_transit_gateway_default_route_table_propagation",
    "aws_eip_domain_name",
    "aws_elasticache_serverless_cache",
    "aws_nat_gateway_eip_association",
    "aws_rds_shard_group",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_shield_application_layer_automatic_response",
    "aws_shield_drt_access_log_bucket_association",
    "aws_shield_drt_access_role_arn_association",
    "aws_shield_proactive_engagement",
    "aws_shield_subscription",
    "aws_vpc_block_public_access_exclusion",
    "aws_vpc_block_public_access_options",
    "aws_vpc_encryption_control",
    "aws_vpc_endpoint_private_dns",
    "aws_vpc_route_server",
    "aws_vpc_route_server_endpoint",
    "aws_vpc_route_server_peer",
    "aws_vpc_route_server_propagation",
    "aws_vpc_route_server_vpc_association",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_rules_exclusive",
    "aws_vpc_security_group_vpc_association",
    "aws_vpn_concentrator",
    "aws_wafv2_api_key",
    "aws_wafv2_web_acl_rule_group_association",
];

/// The same of data sources.
pub const DATA_WITH_NULLS: [&str; 10] = [
    "aws_cloudfront_cache_policy",
    "aws_cloudfront_origin_request_policy",
    "aws_lb_listener_rule",
    "aws_route53_zones",
    "aws_service_principal",
    "aws_vpc_ipam_pool",
    "aws_vpc_security_group_rule",
    "aws_vpc_security_group_rules",
    "aws_vpn_connection",
    "aws_wafv2_managed_rule_group",
];

/// An object of a resource type. Without a schema it is as it is.
pub fn object(schema: Option<&Schema>, attrs: &Attrs) -> Value {
    exposed(schema, attrs, &WITH_NULLS)
}

/// The answer of a data source.
pub fn answer(schema: Option<&Schema>, attrs: &Attrs) -> Value {
    exposed(schema, attrs, &DATA_WITH_NULLS)
}

fn exposed(schema: Option<&Schema>, attrs: &Attrs, with_nulls: &[&str]) -> Value {
    let Some(schema) = schema.filter(|s| s.name.starts_with("aws_")) else { return attrs.to_value() };
    let nulls = with_nulls.contains(&schema.name);
    Value::object(attrs.iter().map(|(name, value)| {
        let row = schema.attribute(name);
        (name.clone(), row.map_or_else(|| value.clone(), |row| seen(row, value, nulls)))
    }))
}

/// A value of a row.
fn seen(row: &Attribute, value: &Value, nulls: bool) -> Value {
    match &row.block {
        Some(_) if value.is_null() => none(&row.ty).unwrap_or_else(|| value.clone()).mark(value.is_sensitive()),
        Some(block) if !nulls => blocks(block, value),
        Some(_) => value.clone(),
        None if value.is_null() && !nulls && answered(row) => {
            let empty = zero(&row.ty).or_else(|| none(&row.ty).filter(|_| row.mode != Mode::Optional));
            empty.map_or_else(|| value.clone(), |empty| empty.mark(value.is_sensitive()))
        }
        None => value.clone(),
    }
}

/// Whether AWS has a say in it. What only the layout has stays null where the layout leaves it out.
fn answered(row: &Attribute) -> bool {
    !row.write_only && (row.is_computed() || (row.is_read && !row.never_returned))
}

/// The content of blocks that are there.
fn blocks(block: &Block, value: &Value) -> Value {
    value.map_objects(&mut |name, value| {
        let row = block.attributes.iter().find(|row| row.name == name);
        row.map_or_else(|| value.clone(), |row| inner(row, value))
    })
}

fn inner(row: &Attribute, value: &Value) -> Value {
    match &row.block {
        Some(_) if value.is_null() => none(&row.ty).unwrap_or_else(|| value.clone()),
        Some(block) => blocks(block, value),
        None if value.is_null() && !row.write_only => {
            zero(&row.ty).unwrap_or_else(|| value.clone()).mark(value.is_sensitive())
        }
        None => value.clone(),
    }
}

/// The value that says nothing, of a text, a number or a bool.
fn zero(ty: &Type) -> Option<Value> {
    match ty {
        Type::String => Some("".into()),
        Type::Number => Some(0.into()),
        Type::Bool => Some(false.into()),
        _ => None,
    }
}

/// A collection of no elements.
fn none(ty: &Type) -> Option<Value> {
    match ty {
        Type::List(element) => Some(Value::list(Type::clone(element), Vec::new())),
        Type::Set(element) => Some(Value::set(Type::clone(element), Vec::new())),
        Type::Map(element) => Some(Value::map(Type::clone(element), Default::default())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Nesting;
    use crate::schema::rows::object_type;
    use std::sync::Arc;

    fn row(name: &'static str, ty: Type, mode: Mode) -> Attribute {
        Attribute { mode, is_read: true, ..Attribute::new(name, ty) }
    }

    fn schema(name: &'static str) -> Schema {
        let inside = vec![row("bucket", Type::String, Mode::Optional), row("days", Type::Number, Mode::Optional)];
        let ty = Type::list(object_type(&inside));
        let block = Block {
            nesting: Nesting::List,
            attributes: Arc::new(inside),
            min: 0,
            max: None,
            as_attribute: false,
            each: None,
        };
        Schema::new(
            name,
            vec![
                row("ip", Type::String, Mode::Computed),
                row("count", Type::Number, Mode::OptionalComputed),
                row("on", Type::Bool, Mode::Optional),
                row("tags", Type::map(Type::String), Mode::Optional),
                row("members", Type::set(Type::String), Mode::OptionalComputed),
                Attribute { is_read: false, ..row("final_snapshot", Type::String, Mode::Optional) },
                Attribute { block: Some(block.clone()), ..row("logs", ty.clone(), Mode::Optional) },
                Attribute { block: Some(block), ..row("more_logs", ty, Mode::Optional) },
            ],
        )
    }

    fn given(schema: &Schema) -> Attrs {
        let log = Value::object([("bucket", Value::from("b")), ("days", Value::null(Type::Number))]);
        let nulls = schema.attributes.iter().map(|row| (row.name, Value::null(row.ty.clone())));
        nulls.collect::<Attrs>().with("more_logs", Value::list(log.ty(), vec![log]))
    }

    use crate::value::json::to_text as text;

    #[test]
    fn what_aws_leaves_out_is_empty() {
        let schema = schema("aws_thing");
        insta::assert_snapshot!(
            text(&object(Some(&schema), &given(&schema))),
            @r#"{"count":0,"final_snapshot":null,"ip":"","logs":[],"members":[],"more_logs":[{"bucket":"b","days":0}],"on":false,"tags":null}"#
        );
    }

    #[test]
    fn a_type_of_the_newer_kind_has_nulls_but_in_blocks() {
        let schema = schema("aws_vpn_concentrator");
        insta::assert_snapshot!(
            text(&object(Some(&schema), &given(&schema))),
            @r#"{"count":null,"final_snapshot":null,"ip":null,"logs":[],"members":null,"more_logs":[{"bucket":"b","days":null}],"on":null,"tags":null}"#
        );
    }

    #[test]
    fn what_is_unknown_stays_unknown() {
        let schema = schema("aws_thing");
        let attrs = given(&schema).with("ip", Value::unknown(Type::String)).with("logs", Value::unknown(Type::Dynamic));
        let seen = object(Some(&schema), &attrs);
        assert!(seen.get("ip").is_some_and(Value::is_unknown) && seen.get("logs").is_some_and(Value::is_unknown));
    }
}
