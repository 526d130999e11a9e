variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnets" {
  type = list(string)
}

variable "security_groups" {
  type    = list(string)
  default = []
}

variable "access_logs" {
  type    = any
  default = {}
}

variable "listeners" {
  type    = any
  default = {}
}

variable "target_groups" {
  type    = any
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  listener_rules = flatten([
    for listener_key, listener in var.listeners : [
      for rule_key, rule in lookup(listener, "rules", {}) : merge(rule, {
        listener_key = listener_key
        rule_key     = rule_key
      })
    ]
  ])
}

resource "aws_lb" "this" {
  dynamic "access_logs" {
    for_each = length(var.access_logs) > 0 ? [var.access_logs] : []
    content {
      bucket  = access_logs.value.bucket
      enabled = try(access_logs.value.enabled, true)
      prefix  = try(access_logs.value.prefix, null)
    }
  }

  customer_owned_ipv4_pool = null
  desync_mitigation_mode   = null
  name                     = var.name
  internal                 = true
  load_balancer_type       = "application"
  security_groups          = var.security_groups
  subnets                  = var.subnets
  tags                     = merge(var.tags, { terraform-aws-modules = "none" })

  lifecycle {
    ignore_changes = [tags["elasticbeanstalk:shared-elb-environment-count"]]
  }
}

resource "aws_lb_target_group" "this" {
  for_each = var.target_groups

  deregistration_delay = try(each.value.deregistration_delay, 300)
  dynamic "health_check" {
    for_each = try([each.value.health_check], [])
    content {
      enabled             = try(health_check.value.enabled, null)
      healthy_threshold   = try(health_check.value.healthy_threshold, null)
      interval            = try(health_check.value.interval, null)
      matcher             = try(health_check.value.matcher, null)
      path                = try(health_check.value.path, null)
      port                = try(health_check.value.port, null)
      protocol            = try(health_check.value.protocol, null)
      timeout             = try(health_check.value.timeout, null)
      unhealthy_threshold = try(health_check.value.unhealthy_threshold, null)
    }
  }
  name        = try(each.value.name, null)
  name_prefix = try(each.value.name_prefix, null)
  port        = try(each.value.target_type, null) == "lambda" ? null : try(each.value.port, 80)
  protocol    = try(each.value.protocol, "HTTP")
  dynamic "stickiness" {
    for_each = try([each.value.stickiness], [])
    content {
      cookie_duration = try(stickiness.value.cookie_duration, null)
      enabled         = try(stickiness.value.enabled, true)
      type            = stickiness.value.type
    }
  }
  vpc_id = try(each.value.vpc_id, var.vpc_id)
  tags   = merge(var.tags, try(each.value.tags, {}))

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "this" {
  for_each = { for k, v in var.listeners : k => v }

  dynamic "default_action" {
    for_each = try([each.value.fixed_response], [])
    content {
      fixed_response {
        content_type = default_action.value.content_type
        message_body = try(default_action.value.message_body, null)
        status_code  = try(default_action.value.status_code, null)
      }
      order = try(default_action.value.order, null)
      type  = "fixed-response"
    }
  }
  dynamic "default_action" {
    for_each = try([each.value.forward], [])
    content {
      order            = try(default_action.value.order, null)
      target_group_arn = length(try(default_action.value.target_groups, [])) > 0 ? null : try(default_action.value.arn, aws_lb_target_group.this[default_action.value.target_group_key].arn, null)
      type             = "forward"
    }
  }
  load_balancer_arn = aws_lb.this.arn
  port              = try(each.value.port, 443)
  protocol          = try(each.value.protocol, "HTTP")
  ssl_policy        = contains(["HTTPS", "TLS"], try(each.value.protocol, "HTTP")) ? "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" : try(each.value.ssl_policy, null)
  tags              = var.tags
}

resource "aws_lb_listener_rule" "this" {
  for_each = { for v in local.listener_rules : "${v.listener_key}/${v.rule_key}" => v }

  listener_arn = try(each.value.listener_arn, aws_lb_listener.this[each.value.listener_key].arn)
  priority     = try(each.value.priority, null)

  dynamic "action" {
    for_each = [for action in each.value.actions : action if action.type == "forward"]
    content {
      type             = "forward"
      target_group_arn = aws_lb_target_group.this[action.value.target_group_key].arn
    }
  }
  dynamic "condition" {
    for_each = [for condition in each.value.conditions : condition if contains(keys(condition), "path_pattern")]
    content {
      dynamic "path_pattern" {
        for_each = try([condition.value.path_pattern], [])
        content {
          values = path_pattern.value.values
        }
      }
    }
  }
  tags = var.tags
}

output "arn" {
  value = aws_lb.this.arn
}

output "target_groups" {
  value = aws_lb_target_group.this
}

output "has_access_logs" {
  value = length(aws_lb.this.access_logs) > 0
}
