variable "name" {
  type = string
}

variable "subnets" {
  type = list(string)
}

variable "security_groups" {
  type    = list(string)
  default = []
}

variable "image_id" {
  type = string
}

variable "sizes" {
  type = object({
    min     = number
    max     = number
    desired = optional(number)
  })
}

variable "traffic_source_attachments" {
  type    = map(object({ traffic_source_identifier = string, traffic_source_type = optional(string, "elbv2") }))
  default = {}
}

variable "scaling_policies" {
  type    = any
  default = {}
}

variable "schedules" {
  type    = map(any)
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  launch_template_version = coalesce(null, aws_launch_template.this.latest_version)
}

resource "aws_launch_template" "this" {
  name_prefix   = "${var.name}-"
  description   = "Launch template"
  ebs_optimized = true
  image_id      = var.image_id
  instance_type = "t3.micro"
  user_data     = base64encode("#!/bin/bash\necho hello\n")

  dynamic "block_device_mappings" {
    for_each = [{ device_name = "/dev/xvda", ebs = { volume_size = 20, encrypted = true } }]
    content {
      device_name  = block_device_mappings.value.device_name
      no_device    = lookup(block_device_mappings.value, "no_device", null)
      virtual_name = lookup(block_device_mappings.value, "virtual_name", null)

      dynamic "ebs" {
        for_each = flatten([lookup(block_device_mappings.value, "ebs", [])])
        content {
          delete_on_termination = lookup(ebs.value, "delete_on_termination", null)
          encrypted             = lookup(ebs.value, "encrypted", null)
          iops                  = lookup(ebs.value, "iops", null)
          kms_key_id            = lookup(ebs.value, "kms_key_id", null)
          volume_size           = lookup(ebs.value, "volume_size", null)
          volume_type           = lookup(ebs.value, "volume_type", null)
        }
      }
    }
  }

  network_interfaces {
    delete_on_termination = true
    device_index          = 0
    security_groups       = var.security_groups
  }

  dynamic "metadata_options" {
    for_each = [{ http_tokens = "required" }]
    content {
      http_endpoint = try(metadata_options.value.http_endpoint, null)
      http_tokens   = try(metadata_options.value.http_tokens, null)
    }
  }

  dynamic "tag_specifications" {
    for_each = [{ resource_type = "volume", tags = { WhatAmI = "Volume" } }]
    content {
      resource_type = tag_specifications.value.resource_type
      tags          = merge(var.tags, tag_specifications.value.tags)
    }
  }

  lifecycle {
    create_before_destroy = true
  }

  tags = var.tags
}

resource "aws_autoscaling_group" "this" {
  name_prefix = "${var.name}-"

  launch_template {
    id      = aws_launch_template.this.id
    version = local.launch_template_version
  }

  availability_zones        = null
  vpc_zone_identifier       = var.subnets
  min_size                  = var.sizes.min
  max_size                  = var.sizes.max
  desired_capacity          = var.sizes.desired
  default_instance_warmup   = null
  health_check_type         = "EC2"
  health_check_grace_period = 300
  enabled_metrics           = []
  wait_for_capacity_timeout = 0
  termination_policies      = []

  dynamic "instance_refresh" {
    for_each = [{ strategy = "Rolling", preferences = { min_healthy_percentage = 50 }, triggers = ["tag"] }]
    content {
      strategy = instance_refresh.value.strategy
      triggers = try(instance_refresh.value.triggers, null)

      dynamic "preferences" {
        for_each = try([instance_refresh.value.preferences], [])
        content {
          instance_warmup        = try(preferences.value.instance_warmup, null)
          min_healthy_percentage = try(preferences.value.min_healthy_percentage, null)
        }
      }
    }
  }

  dynamic "tag" {
    for_each = merge({ "Name" = var.name }, var.tags)
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [load_balancers, target_group_arns, traffic_source]
  }
}

resource "aws_autoscaling_traffic_source_attachment" "this" {
  for_each = var.traffic_source_attachments

  autoscaling_group_name = aws_autoscaling_group.this.id
  traffic_source {
    identifier = each.value.traffic_source_identifier
    type       = each.value.traffic_source_type
  }
}

resource "aws_autoscaling_schedule" "this" {
  for_each = var.schedules

  scheduled_action_name  = each.key
  autoscaling_group_name = aws_autoscaling_group.this.name
  min_size               = try(each.value.min_size, null)
  max_size               = try(each.value.max_size, null)
  desired_capacity       = try(each.value.desired_capacity, null)
  recurrence             = try(each.value.recurrence, null)
  time_zone              = try(each.value.time_zone, null)
}

resource "aws_autoscaling_policy" "this" {
  for_each = { for k, v in var.scaling_policies : k => v }

  name                      = try(each.value.name, each.key)
  autoscaling_group_name    = aws_autoscaling_group.this.name
  adjustment_type           = try(each.value.adjustment_type, null)
  policy_type               = try(each.value.policy_type, null)
  estimated_instance_warmup = try(each.value.estimated_instance_warmup, null)

  dynamic "target_tracking_configuration" {
    for_each = try([each.value.target_tracking_configuration], [])
    content {
      target_value     = target_tracking_configuration.value.target_value
      disable_scale_in = try(target_tracking_configuration.value.disable_scale_in, null)
      dynamic "predefined_metric_specification" {
        for_each = try([target_tracking_configuration.value.predefined_metric_specification], [])
        content {
          predefined_metric_type = predefined_metric_specification.value.predefined_metric_type
          resource_label         = try(predefined_metric_specification.value.resource_label, null)
        }
      }
    }
  }
}

output "group_name" {
  value = try(aws_autoscaling_group.this.name, null)
}
