data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_caller_identity" "current" {}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, var.zone_count)
  subnets = {
    for pair in setproduct(["public", "private"], local.zones) :
    "${pair[0]}-${pair[1]}" => {
      tier = pair[0]
      zone = pair[1]
      cidr = cidrsubnet(var.vpc_cidr, 8, index(local.zones, pair[1]) + (pair[0] == "public" ? 0 : 100))
    }
  }
  name = format("%s-%s", var.client, var.region)
}

resource "aws_vpc" "main" {
  cidr_block           = var.vpc_cidr
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = {
    Name  = local.name
    Owner = data.aws_caller_identity.current.account_id
  }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = local.name }
}

module "subnets" {
  source = "./modules/subnets"

  vpc_id     = aws_vpc.main.id
  gateway_id = aws_internet_gateway.main.id
  subnets    = local.subnets
  name       = local.name
}

resource "aws_eip" "nat" {
  count  = var.enable_nat ? 1 : 0
  domain = "vpc"

  tags = { Name = "${local.name}-nat" }
}

resource "aws_nat_gateway" "main" {
  count         = var.enable_nat ? 1 : 0
  allocation_id = aws_eip.nat[0].id
  subnet_id     = module.subnets.ids["public-${local.zones[0]}"]
  depends_on    = [aws_internet_gateway.main]

  tags = { Name = local.name }
}

resource "aws_route" "private_nat" {
  for_each = var.enable_nat ? module.subnets.private_route_table_ids : {}

  route_table_id         = each.value
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main[0].id
}

resource "aws_security_group" "service" {
  for_each = var.services

  name        = "${local.name}-${each.key}"
  description = "Allows ${each.key}"
  vpc_id      = aws_vpc.main.id

  dynamic "ingress" {
    for_each = toset(each.value.sources)
    iterator = source

    content {
      description = "${upper(each.key)} from ${source.value}"
      from_port   = each.value.port
      to_port     = each.value.port
      protocol    = each.value.protocol
      cidr_blocks = [source.value]
    }
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "database" {
  name_prefix = "${local.name}-db-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group_rule" "database_from_services" {
  for_each = aws_security_group.service

  type                     = "ingress"
  from_port                = 5432
  to_port                  = 5432
  protocol                 = "tcp"
  security_group_id        = aws_security_group.database.id
  source_security_group_id = each.value.id
}

resource "aws_network_acl" "private" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [for name, id in module.subnets.ids : id if startswith(name, "private-")]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = var.vpc_cidr
    from_port  = 0
    to_port    = 0
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.${var.region}.s3"

  route_table_ids = values(module.subnets.private_route_table_ids)
}
