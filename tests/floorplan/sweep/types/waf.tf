resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "base" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
}
resource "aws_security_group" "base" {
  name   = "base"
  vpc_id = aws_vpc.base.id
}
resource "aws_lb" "base" {
  name            = "base"
  internal        = true
  subnets         = [for subnet in aws_subnet.base : subnet.id]
  security_groups = [aws_security_group.base.id]
}
resource "aws_cloudwatch_log_group" "base" {
  name = "aws-waf-logs-base"
}
resource "aws_wafv2_web_acl" "base" {
  name  = "base"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "base"
    sampled_requests_enabled   = false
  }
}

# swept
resource "aws_wafv2_ip_set" "it" {
  name               = "it"
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = ["192.0.2.0/24"]    # 1
  addresses          = ["198.51.100.0/24"] # 2
  tags               = { Name = "it" }
}
resource "aws_wafv2_regex_pattern_set" "it" {
  name  = "it"
  scope = "REGIONAL"
  regular_expression {
    regex_string = "^one" # 1
    regex_string = "^two" # 2
  }
  tags = { Name = "it" }
}
resource "aws_wafv2_rule_group" "it" {
  name     = "it"
  scope    = "REGIONAL"
  capacity = 10
  rule {
    name     = "addresses"
    priority = 1
    action {
      block {} # 1
      count {} # 2
    }
    statement {
      ip_set_reference_statement {
        arn = aws_wafv2_ip_set.it.arn
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = false
      metric_name                = "addresses"
      sampled_requests_enabled   = false
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "it"
    sampled_requests_enabled   = false
  }
  tags = { Name = "it" }
}
resource "aws_wafv2_web_acl" "it" {
  name  = "it"
  scope = "REGIONAL"
  default_action {
    allow {} # 1
    block {} # 2
  }
  rule {
    name     = "own"
    priority = 1
    override_action {
      none {}
    }
    statement {
      rule_group_reference_statement {
        arn = aws_wafv2_rule_group.it.arn
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = false
      metric_name                = "own"
      sampled_requests_enabled   = false
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "it"
    sampled_requests_enabled   = false
  }
  tags = { Name = "it" }
}
resource "aws_wafv2_web_acl_association" "it" {
  resource_arn = aws_lb.base.arn
  web_acl_arn  = aws_wafv2_web_acl.it.arn   # 1
  web_acl_arn  = aws_wafv2_web_acl.base.arn # 2
}
resource "aws_wafv2_web_acl_logging_configuration" "it" {
  resource_arn            = aws_wafv2_web_acl.base.arn
  log_destination_configs = [aws_cloudwatch_log_group.base.arn]
  redacted_fields {        # 2
    single_header {        # 2
      name = "cookie"      # 2
    }                      # 2
  }                        # 2
}
resource "aws_shield_subscription" "it" {
  auto_renew = "ENABLED"  # 1
  auto_renew = "DISABLED" # 2
}
resource "aws_shield_protection" "it" {
  name         = "it"
  resource_arn = aws_lb.base.arn
  tags         = { Name = "one" } # 1
  tags         = { Name = "two" } # 2
  depends_on   = [aws_shield_subscription.it]
}
resource "aws_shield_protection_group" "it" {
  protection_group_id = "it"
  aggregation         = "MAX" # 1
  aggregation         = "SUM" # 2
  pattern             = "ALL"
  depends_on          = [aws_shield_subscription.it]
}
