variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "rules" {
  description = "Ports and what they are for, by name: from, to, protocol, description"
  type        = map(list(any))
  default = {
    https-443-tcp  = [443, 443, "tcp", "HTTPS"]
    postgresql-tcp     = [5432, 5432, "tcp", "PostgreSQL"]
    all-all        = [-1, -1, "-1", "All protocols"]
  }
}

variable "ingress_rules" {
  type    = list(string)
  default = []
}

variable "ingress_cidr_blocks" {
  type    = list(string)
  default = []
}

variable "ingress_with_source_security_group_id" {
  type    = list(map(string))
  default = []
}

variable "egress_rules" {
  type    = list(string)
  default = ["all-all"]
}

variable "use_name_prefix" {
  type    = bool
  default = true
}

resource "aws_security_group" "this" {
  count       = var.use_name_prefix ? 0 : 1
  name        = var.name
  description = "Security Group managed by code"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "this_name_prefix" {
  count                  = var.use_name_prefix ? 1 : 0
  name_prefix            = "${var.name}-"
  description            = "Security Group managed by code"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = false
  tags                   = { "Name" = format("%s", var.name) }

  lifecycle {
    create_before_destroy = true
  }

  timeouts {
    create = "10m"
    delete = "15m"
  }
}

locals {
  this = try(aws_security_group.this[0].id, aws_security_group.this_name_prefix[0].id)
}

resource "aws_security_group_rule" "ingress_rules" {
  count             = length(var.ingress_rules)
  security_group_id = local.this
  type              = "ingress"
  cidr_blocks       = var.ingress_cidr_blocks
  description       = var.rules[var.ingress_rules[count.index]][3]
  from_port         = var.rules[var.ingress_rules[count.index]][0]
  to_port           = var.rules[var.ingress_rules[count.index]][1]
  protocol          = var.rules[var.ingress_rules[count.index]][2]
}

resource "aws_security_group_rule" "ingress_with_source_security_group_id" {
  count                    = length(var.ingress_with_source_security_group_id)
  security_group_id        = local.this
  type                     = "ingress"
  source_security_group_id = var.ingress_with_source_security_group_id[count.index]["source_security_group_id"]
  description              = lookup(var.ingress_with_source_security_group_id[count.index], "description", "Ingress Rule")
  from_port                = lookup(var.ingress_with_source_security_group_id[count.index], "from_port", var.rules[lookup(var.ingress_with_source_security_group_id[count.index], "rule", "all-all")][0])
  to_port                  = lookup(var.ingress_with_source_security_group_id[count.index], "to_port", var.rules[lookup(var.ingress_with_source_security_group_id[count.index], "rule", "all-all")][1])
  protocol                 = lookup(var.ingress_with_source_security_group_id[count.index], "protocol", var.rules[lookup(var.ingress_with_source_security_group_id[count.index], "rule", "all-all")][2])
}

resource "aws_security_group_rule" "egress_rules" {
  count             = length(var.egress_rules)
  security_group_id = local.this
  type              = "egress"
  cidr_blocks       = ["0.0.0.0/0"]
  ipv6_cidr_blocks  = ["::/0"]
  prefix_list_ids   = []
  description       = var.rules[var.egress_rules[count.index]][3]
  from_port         = var.rules[var.egress_rules[count.index]][0]
  to_port           = var.rules[var.egress_rules[count.index]][1]
  protocol          = var.rules[var.egress_rules[count.index]][2]
}

output "security_group_id" {
  value = local.this
}
