variable "vpc_id" {
  type = string
}

variable "gateway_id" {
  type = string
}

variable "name" {
  type = string
}

variable "subnets" {
  type = map(object({
    tier = string
    zone = string
    cidr = string
  }))
}

locals {
  private = { for name, subnet in var.subnets : name => subnet if subnet.tier == "private" }
}

resource "aws_subnet" "this" {
  for_each = var.subnets

  vpc_id                  = var.vpc_id
  availability_zone       = each.value.zone
  cidr_block              = each.value.cidr
  map_public_ip_on_launch = each.value.tier == "public"

  tags = merge({ Name = "${var.name}-${each.key}" }, { tier = each.value.tier })
}

resource "aws_route_table" "public" {
  vpc_id = var.vpc_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = var.gateway_id
  }
}

resource "aws_route_table" "private" {
  for_each = local.private
  vpc_id   = var.vpc_id
}

resource "aws_route_table_association" "this" {
  for_each = aws_subnet.this

  subnet_id      = each.value.id
  route_table_id = contains(keys(local.private), each.key) ? aws_route_table.private[each.key].id : aws_route_table.public.id
}

output "ids" {
  value = { for name, subnet in aws_subnet.this : name => subnet.id }
}

output "private_route_table_ids" {
  value = { for name, table in aws_route_table.private : name => table.id }
}
