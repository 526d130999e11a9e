//! The versions of the schemas of hashicorp/aws 5.100, by type. Version 6 upgrades them by itself.

/// The version of a type's schema.
pub fn of(type_name: &str) -> u64 {
    match type_name {
        "aws_db_instance" | "aws_elasticache_replication_group" | "aws_route53_record" | "aws_security_group_rule" => 2,
        "aws_autoscaling_group"
        | "aws_backup_plan"
        | "aws_cloudfront_distribution"
        | "aws_cloudtrail"
        | "aws_cloudwatch_event_rule"
        | "aws_cloudwatch_event_target"
        | "aws_cloudwatch_metric_alarm"
        | "aws_default_security_group"
        | "aws_default_subnet"
        | "aws_default_vpc"
        | "aws_dx_connection"
        | "aws_dx_gateway_association"
        | "aws_dynamodb_table"
        | "aws_instance"
        | "aws_key_pair"
        | "aws_rds_cluster"
        | "aws_s3_bucket_lifecycle_configuration"
        | "aws_secretsmanager_secret_rotation"
        | "aws_securityhub_account"
        | "aws_security_group"
        | "aws_spot_fleet_request"
        | "aws_sqs_queue_policy"
        | "aws_ssm_association"
        | "aws_ssm_patch_group"
        | "aws_subnet"
        | "aws_vpc" => 1,
        _ => 0,
    }
}

/// The types whose objects have a `region` in version 5 too.
pub const HAS_REGION: [&str; 1] = ["aws_s3_bucket"];
