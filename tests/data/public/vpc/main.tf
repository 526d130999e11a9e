terraform {
  required_version = ">= 1.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

locals {
  create      = var.create && length(var.cidr) > 0
  nats        = var.single_nat_gateway ? 1 : length(var.private_subnets)
  create_nats = local.create && length(var.private_subnets) > 0 && length(var.public_subnets) > 0
  vpc_id      = try(aws_vpc.this[0].id, "")
}

resource "aws_vpc" "this" {
  count = local.create ? 1 : 0

  cidr_block           = var.cidr
  enable_dns_hostnames = true
  tags                 = merge({ "Name" = var.name }, var.tags, var.vpc_tags)
}

resource "aws_internet_gateway" "this" {
  count  = local.create && length(var.public_subnets) > 0 ? 1 : 0
  vpc_id = local.vpc_id
  tags   = merge({ "Name" = var.name }, var.tags)
}

resource "aws_subnet" "public" {
  count = local.create ? length(var.public_subnets) : 0

  availability_zone       = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id    = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) == 0 ? element(var.azs, count.index) : null
  cidr_block              = element(concat(var.public_subnets, [""]), count.index)
  map_public_ip_on_launch = true
  vpc_id                  = local.vpc_id
  tags                    = merge({ "Name" = format("${var.name}-public-%s", element(var.azs, count.index)) }, var.tags)
}

resource "aws_subnet" "private" {
  count = local.create ? length(var.private_subnets) : 0

  availability_zone = element(var.azs, count.index)
  cidr_block        = var.private_subnets[count.index]
  vpc_id            = local.vpc_id
  tags              = merge({ "Name" = format("${var.name}-private-%s", element(var.azs, count.index)) }, var.tags)
}

resource "aws_subnet" "database" {
  count = local.create ? length(var.database_subnets) : 0

  availability_zone = element(var.azs, count.index)
  cidr_block        = var.database_subnets[count.index]
  vpc_id            = local.vpc_id
  tags              = var.tags
}

resource "aws_db_subnet_group" "database" {
  count      = local.create && length(var.database_subnets) > 0 ? 1 : 0
  name       = lower(coalesce(var.name, "database"))
  subnet_ids = aws_subnet.database[*].id
  tags       = merge({ "Name" = lower(var.name) }, var.tags)
}

resource "aws_route_table" "public" {
  count  = length(aws_subnet.public) > 0 ? 1 : 0
  vpc_id = local.vpc_id
  tags   = var.tags
}

resource "aws_route" "public" {
  count                  = length(aws_subnet.public) > 0 ? 1 : 0
  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id

  timeouts {
    create = "5m"
  }
}

resource "aws_route_table_association" "public" {
  count          = local.create ? length(var.public_subnets) : 0
  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = aws_route_table.public[0].id
}

resource "aws_eip" "nat" {
  count  = local.create_nats ? local.nats : 0
  domain = "vpc"
  tags   = var.tags

  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  count         = local.create_nats ? local.nats : 0
  allocation_id = element(aws_eip.nat[*].id, var.single_nat_gateway ? 0 : count.index)
  subnet_id     = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
  tags          = var.tags

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table" "private" {
  count  = local.create ? local.nats : 0
  vpc_id = local.vpc_id
  tags   = merge({ "Name" = var.single_nat_gateway ? "${var.name}-private" : format("${var.name}-private-%s", element(var.azs, count.index)) }, var.tags)
}

resource "aws_route" "private" {
  count                  = local.create_nats ? local.nats : 0
  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route_table_association" "private" {
  count          = local.create ? length(var.private_subnets) : 0
  subnet_id      = element(aws_subnet.private[*].id, count.index)
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_route_table_association" "database" {
  count          = local.create ? length(var.database_subnets) : 0
  subnet_id      = element(aws_subnet.database[*].id, count.index)
  route_table_id = element(coalescelist(aws_route_table.private[*].id, aws_route_table.public[*].id), count.index)
}

resource "aws_vpn_gateway" "this" {
  count             = local.create && var.enable_vpn_gateway ? 1 : 0
  vpc_id            = local.vpc_id
  amazon_side_asn   = "64512"
  availability_zone = null
  tags              = var.tags
}

resource "aws_vpn_gateway_route_propagation" "private" {
  count          = local.create && var.enable_vpn_gateway ? length(var.private_subnets) : 0
  route_table_id = element(aws_route_table.private[*].id, count.index)
  vpn_gateway_id = element(concat(aws_vpn_gateway.this[*].id, [""]), 0)
}

resource "aws_default_security_group" "this" {
  count  = local.create && var.manage_defaults ? 1 : 0
  vpc_id = aws_vpc.this[0].id
  tags   = var.tags
}

resource "aws_default_network_acl" "this" {
  count                  = local.create && var.manage_defaults ? 1 : 0
  default_network_acl_id = aws_vpc.this[0].default_network_acl_id
  subnet_ids             = null

  dynamic "ingress" {
    for_each = [{ rule_no = 100, action = "allow" }]
    content {
      action     = ingress.value.action
      cidr_block = lookup(ingress.value, "cidr_block", "0.0.0.0/0")
      from_port  = 0
      icmp_code  = lookup(ingress.value, "icmp_code", null)
      protocol   = "-1"
      rule_no    = ingress.value.rule_no
      to_port    = 0
    }
  }
  egress {
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    protocol   = "-1"
    rule_no    = 100
    to_port    = 0
  }

  tags = var.tags

  lifecycle {
    ignore_changes = [subnet_ids]
  }
}

module "flow_log" {
  source = "./modules/flow-log"

  create = local.create
  name   = var.name
  vpc_id = local.vpc_id
  tags   = var.tags
}
