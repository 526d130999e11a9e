locals {
  # The names of members tell zone and number, so that one more or less changes no other.
  fixed   = var.scaling == null ? var.members : {}
  members = merge({}, [for zone, n in local.fixed : { for i in range(n) : "${zone}-${i + 1}" => zone }]...)
  doors   = { for pair in setproduct([80, 443], var.sources) : "${pair[0]} ${pair[1]}" => { port = pair[0], source = pair[1] } }
}

resource "aws_security_group" "balancer" {
  name        = "${var.name}-balancer"
  description = "Who reaches the balancer of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-balancer" })
}

resource "aws_security_group" "member" {
  name        = "${var.name}-member"
  description = "Who reaches the members of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-member" })
}

resource "aws_vpc_security_group_ingress_rule" "door" {
  for_each          = local.doors
  security_group_id = aws_security_group.balancer.id
  description       = "Clients"
  cidr_ipv4         = each.value.source
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "to_members" {
  security_group_id            = aws_security_group.balancer.id
  description                  = "Requests and health checks"
  referenced_security_group_id = aws_security_group.member.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}

resource "aws_vpc_security_group_ingress_rule" "from_balancer" {
  security_group_id            = aws_security_group.member.id
  description                  = "Requests and health checks"
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}

resource "aws_vpc_security_group_egress_rule" "updates" {
  security_group_id = aws_security_group.member.id
  description       = "Packages and APIs"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "database" {
  for_each                     = var.databases
  security_group_id            = aws_security_group.member.id
  description                  = "Queries"
  referenced_security_group_id = each.value.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_lb" "this" {
  name                       = var.name
  internal                   = var.internal
  subnets                    = values(var.balancer_subnet_ids)
  security_groups            = [aws_security_group.balancer.id]
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection

  dynamic "access_logs" {
    for_each = var.access_logs_bucket[*]
    content {
      bucket  = access_logs.value
      prefix  = var.name
      enabled = true
    }
  }

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_lb_target_group" "this" {
  name                 = var.name
  port                 = var.port
  protocol             = "HTTP"
  vpc_id               = var.vpc_id
  deregistration_delay = var.deregistration_delay

  health_check {
    path                = var.health_path
    matcher             = "200-299"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = var.ssl_policy

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  tags = var.tags
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }

  tags = var.tags
}

# Every member is hardened and keeps itself up to date; what makes it a server of the service comes on top.
module "baseline" {
  source              = "../baseline"
  name                = var.name
  family              = var.baseline.family
  rkhunter            = var.baseline.rkhunter
  clamav              = var.baseline.clamav
  unattended_upgrades = { enabled = var.baseline.updates }
  wazuh               = var.baseline.wazuh
  nrpe                = var.baseline.nrpe
  munin               = var.baseline.munin
  puppet              = var.baseline.puppet
  packages            = var.baseline.packages
  additions           = var.user_data
}

resource "aws_launch_template" "member" {
  name                   = var.name
  image_id               = var.image_id
  instance_type          = var.instance_type
  user_data              = base64encode(module.baseline.user_data)
  vpc_security_group_ids = [aws_security_group.member.id]

  # Credentials of the instance are given out only to who asks in two steps, and not past the instance.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = var.root_volume.device
    ebs {
      volume_size           = var.root_volume.size
      volume_type           = var.root_volume.type
      kms_key_id            = var.root_volume.kms_key_id
      encrypted             = true
      delete_on_termination = true
    }
  }

  dynamic "iam_instance_profile" {
    for_each = var.instance_profile[*]
    content {
      name = iam_instance_profile.value
    }
  }

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_instance" "member" {
  for_each  = local.members
  subnet_id = var.member_subnet_ids[each.value]

  launch_template {
    id      = aws_launch_template.member.id
    version = aws_launch_template.member.latest_version
  }

  tags = merge(var.tags, { Name = "${var.name}-${each.key}" })

  lifecycle {
    create_before_destroy = true
    rolling {
      max_unavailable = var.rolling.max_unavailable
      max_surge       = var.rolling.max_surge
      health          = aws_lb_target_group.this
    }
  }
}

resource "aws_lb_target_group_attachment" "member" {
  for_each         = aws_instance.member
  target_group_arn = aws_lb_target_group.this.arn
  target_id        = each.value.id
  port             = var.port

  lifecycle {
    create_before_destroy = true
  }
}

# A member that dies is replaced by the group, without anybody's doing.
resource "aws_autoscaling_group" "member" {
  count                     = var.scaling == null ? 0 : 1
  name_prefix               = "${var.name}-"
  min_size                  = var.scaling.min
  max_size                  = var.scaling.max
  desired_capacity          = var.scaling.desired
  vpc_zone_identifier       = values(var.member_subnet_ids)
  target_group_arns         = [aws_lb_target_group.this.arn]
  health_check_type         = "ELB"
  health_check_grace_period = var.scaling.grace

  launch_template {
    id      = aws_launch_template.member.id
    version = aws_launch_template.member.latest_version
  }

  # New members are in service before old ones go.
  instance_refresh {
    strategy = "Rolling"
    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 150
      auto_rollback          = true
    }
  }

  dynamic "tag" {
    for_each = merge(var.tags, { Name = var.name })
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
