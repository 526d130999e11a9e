locals {
  ranges = { allow = var.allowed_ranges, block = var.blocked_ranges }

  # A set holds ranges of one kind, so that a list is up to two of them. The order is that of the rules.
  sets = merge([
    for place, action in ["allow", "block"] : {
      for version in ["IPV4", "IPV6"] : "${action}-${lower(version)}" => {
        action   = action
        version  = version
        priority = 2 * place + (version == "IPV4" ? 0 : 1)
        ranges   = [for range in local.ranges[action] : range if strcontains(range, ":") == (version == "IPV6")]
      }
    }
  ]...)

  log_group = var.logs == "own" ? one(aws_cloudwatch_log_group.this[*].arn) : var.log_group_arn
}

resource "aws_wafv2_ip_set" "list" {
  for_each           = { for name, set in local.sets : name => set if length(set.ranges) > 0 }
  name_prefix        = "${var.name}-${each.key}-"
  scope              = var.scope
  ip_address_version = each.value.version
  addresses          = each.value.ranges
  tags               = var.tags

  # A set that goes is in use until the web ACL no longer names it.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_wafv2_web_acl" "this" {
  name  = var.name
  scope = var.scope
  tags  = var.tags

  default_action {
    dynamic "allow" {
      for_each = var.default_action == "allow" ? [1] : []
      content {}
    }
    dynamic "block" {
      for_each = var.default_action == "block" ? [1] : []
      content {}
    }
  }

  dynamic "rule" {
    for_each = aws_wafv2_ip_set.list
    content {
      name     = rule.key
      priority = local.sets[rule.key].priority
      action {
        dynamic "allow" {
          for_each = local.sets[rule.key].action == "allow" ? [1] : []
          content {}
        }
        dynamic "block" {
          for_each = local.sets[rule.key].action == "block" ? [1] : []
          content {}
        }
      }
      statement {
        ip_set_reference_statement {
          arn = rule.value.arn
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "${var.name}-${rule.key}"
        sampled_requests_enabled   = true
      }
    }
  }

  dynamic "rule" {
    for_each = length(var.blocked_countries) > 0 ? [var.blocked_countries] : []
    content {
      name     = "countries"
      priority = 4
      action {
        block {}
      }
      statement {
        geo_match_statement {
          country_codes = rule.value
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "${var.name}-countries"
        sampled_requests_enabled   = true
      }
    }
  }

  dynamic "rule" {
    for_each = var.rate_limit == null ? [] : [var.rate_limit]
    content {
      name     = "rate"
      priority = 5
      action {
        block {}
      }
      statement {
        rate_based_statement {
          limit                 = rule.value.requests
          evaluation_window_sec = rule.value.seconds
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "${var.name}-rate"
        sampled_requests_enabled   = true
      }
    }
  }

  dynamic "rule" {
    for_each = var.managed_rule_groups
    content {
      name     = rule.key
      priority = rule.value.priority
      override_action {
        dynamic "none" {
          for_each = rule.value.count_only ? [] : [1]
          content {}
        }
        dynamic "count" {
          for_each = rule.value.count_only ? [1] : []
          content {}
        }
      }
      statement {
        managed_rule_group_statement {
          name        = rule.key
          vendor_name = rule.value.vendor
          version     = rule.value.version
          dynamic "rule_action_override" {
            for_each = rule.value.count_rules
            content {
              name = rule_action_override.value
              action_to_use {
                count {}
              }
            }
          }
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = "${var.name}-${rule.key}"
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "balancer" {
  for_each     = var.load_balancer_arns
  web_acl_arn  = aws_wafv2_web_acl.this.arn
  resource_arn = each.value
}

resource "aws_cloudwatch_log_group" "this" {
  count             = var.logs == "own" ? 1 : 0
  name              = "aws-waf-logs-${var.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  count                   = var.logs == "none" ? 0 : 1
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [local.log_group]

  dynamic "redacted_fields" {
    for_each = var.redacted_headers
    content {
      single_header {
        name = redacted_fields.value
      }
    }
  }

  dynamic "logging_filter" {
    for_each = var.log_only_blocked ? [1] : []
    content {
      default_behavior = "DROP"
      filter {
        behavior    = "KEEP"
        requirement = "MEETS_ANY"
        condition {
          action_condition {
            action = "BLOCK"
          }
        }
        condition {
          action_condition {
            action = "COUNT"
          }
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = local.log_group != null
      error_message = "With logs = \"given\", log_group_arn names the log group."
    }
  }
}

# EC2 and Shield spell the ARN of an address differently.
resource "aws_shield_protection" "this" {
  for_each     = var.shield ? var.shield_arns : {}
  name         = "${var.name}-${each.key}"
  resource_arn = replace(each.value, ":elastic-ip/", ":eip-allocation/")
  tags         = var.tags
}
