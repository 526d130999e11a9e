# The network of a client with a web, an application and a data tier over three zones: a NAT gateway
# per zone, data without any way out, and each tier open only to the one before it.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = {
      client = var.client
      layout = "three-tier"
    }
  }
}

locals {
  # A zone's number is its letter's, so that its ranges stay its own whichever other zones there are.
  zones = { for letter in ["a", "b", "c"] : "${var.region}${letter}" => index(split("", "abcdefghijklmnop"), letter) }
}

module "network" {
  source            = "../../modules/network"
  name              = var.client
  cidr_block        = var.cidr_block
  zones             = local.zones
  tiers             = ["private", "data"]
  nat               = "per_zone"
  gateway_endpoints = ["s3"]
}

locals {
  tiers = {
    web  = "HTTPS from the Internet"
    app  = "Requests of the web tier"
    data = "Queries of the application tier"
  }

  # Who may open a connection to whom, and on which port.
  flows = {
    app  = { from = "web", port = var.app_port }
    data = { from = "app", port = var.data_port }
  }
}

resource "aws_security_group" "tier" {
  for_each    = local.tiers
  name        = "${var.client}-${each.key}"
  description = each.value
  vpc_id      = module.network.vpc_id
  tags        = { Name = "${var.client}-${each.key}" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each          = toset(var.web_sources)
  security_group_id = aws_security_group.tier["web"].id
  description       = "HTTPS"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "flow" {
  for_each                     = local.flows
  security_group_id            = aws_security_group.tier[each.key].id
  description                  = "From ${each.value.from}"
  referenced_security_group_id = aws_security_group.tier[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "flow" {
  for_each                     = local.flows
  security_group_id            = aws_security_group.tier[each.value.from].id
  description                  = "To ${each.key}"
  referenced_security_group_id = aws_security_group.tier[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "updates" {
  for_each          = toset(["web", "app"])
  security_group_id = aws_security_group.tier[each.key].id
  description       = "Packages and APIs"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
