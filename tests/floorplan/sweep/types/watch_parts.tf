locals {
  policy = {
    Name      = "it"
    Version   = "2021-06-01"
    Statement = [{ Sid = "audit", DataIdentifier = [], Operation = { Audit = { FindingsDestination = {} } } }]
  }
  balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/base/1"
}
resource "aws_vpc" "base" {
  for_each   = { one = 1, two = 2 }
  cidr_block = "10.${each.value}.0.0/16"
}
resource "aws_route53_zone" "base" {
  name = "base.internal"
  vpc {
    vpc_id = aws_vpc.base["one"].id
  }
  lifecycle {
    ignore_changes = [vpc]
  }
}
resource "aws_route53_zone" "public" {
  name = "base.example"
}
resource "aws_cloudwatch_log_group" "base" {
  region = "us-east-1"
  name   = "/aws/route53/base.example"
}
resource "aws_cloudwatch_log_group" "hidden" {
  name = "hidden"
}
resource "aws_sns_topic" "base" {
  name = "base"
}
resource "aws_shield_subscription" "base" {
  skip_destroy = true
}
resource "aws_shield_protection" "base" {
  name         = "base"
  resource_arn = local.balancer
}
resource "aws_iam_role" "base" {
  for_each = { one = 1, two = 2 }
  name     = each.key
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "drt.shield.amazonaws.com" } }]
  })
}
resource "aws_wafv2_web_acl" "base" {
  name  = "base"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "base"
    sampled_requests_enabled   = true
  }
  lifecycle {
    ignore_changes = [rule]
  }
}

# swept
resource "aws_route53_vpc_association_authorization" "it" {
  zone_id = aws_route53_zone.base.zone_id
  vpc_id  = aws_vpc.base["two"].id
}
resource "aws_route53_zone_association" "it" {
  zone_id = aws_route53_vpc_association_authorization.it.zone_id
  vpc_id  = aws_route53_vpc_association_authorization.it.vpc_id
}
resource "aws_route53_delegation_set" "it" {
  reference_name = "it"
}
resource "aws_route53_health_check" "it" {
  type              = "HTTP"
  fqdn              = "base.example"
  request_interval  = 30
  failure_threshold = 3 # 1
  failure_threshold = 5 # 2
  tags              = { Name = "it" }
}
resource "aws_route53_query_log" "it" {
  zone_id                  = aws_route53_zone.public.zone_id
  cloudwatch_log_group_arn = aws_cloudwatch_log_group.base.arn
}
resource "aws_sns_topic_data_protection_policy" "it" {
  arn    = aws_sns_topic.base.arn
  policy = jsonencode(local.policy)                               # 1
  policy = jsonencode(merge(local.policy, { Description = "it" })) # 2
}
resource "aws_cloudwatch_log_data_protection_policy" "it" {
  log_group_name  = aws_cloudwatch_log_group.hidden.name
  policy_document = jsonencode(local.policy)                               # 1
  policy_document = jsonencode(merge(local.policy, { Description = "it" })) # 2
}
resource "aws_cloudwatch_composite_alarm" "it" {
  alarm_name        = "it"
  alarm_rule        = "FALSE"
  alarm_description = "one" # 1
  alarm_description = "two" # 2
  tags              = { Name = "it" }
}
resource "aws_cloudwatch_dashboard" "it" {
  dashboard_name = "it"
  dashboard_body = jsonencode({ widgets = [] })             # 1
  dashboard_body = jsonencode({ start = "-PT1H", widgets = [] }) # 2
}
resource "aws_wafv2_api_key" "it" {
  scope         = "REGIONAL"
  token_domains = ["base.example"]
}
resource "aws_shield_application_layer_automatic_response" "it" {
  resource_arn = aws_shield_protection.base.resource_arn
  action       = "COUNT" # 1
  action       = "BLOCK" # 2
}
resource "aws_shield_protection_health_check_association" "it" {
  shield_protection_id = aws_shield_protection.base.id
  health_check_arn     = aws_route53_health_check.it.arn
}
resource "aws_shield_drt_access_role_arn_association" "it" {
  role_arn = aws_iam_role.base["one"].arn # 1
  role_arn = aws_iam_role.base["two"].arn # 2
}
resource "aws_shield_drt_access_log_bucket_association" "it" {
  log_bucket              = "base-logs"
  role_arn_association_id = aws_shield_drt_access_role_arn_association.it.id
}
resource "aws_shield_proactive_engagement" "it" {
  enabled = true
  emergency_contact {
    email_address = "one@base.example" # 1
    email_address = "two@base.example" # 2
  }
}
resource "aws_wafv2_web_acl_rule_group_association" "it" {
  web_acl_arn     = aws_wafv2_web_acl.base.arn
  rule_name       = "it"
  priority        = 1
  override_action = "none"  # 1
  override_action = "count" # 2
  managed_rule_group {
    vendor_name = "AWS"
    name        = "AWSManagedRulesSQLiRuleSet"
  }
}
