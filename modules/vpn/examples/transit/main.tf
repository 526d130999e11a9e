terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}

locals {
  vpcs = { web = "10.61.0.0/16", batch = "10.62.0.0/16" }
}

module "network" {
  for_each   = local.vpcs
  source     = "../../../network"
  name       = "transit-${each.key}"
  cidr_block = each.value
  zones      = { eu-west-1a = 0, eu-west-1b = 1 }
}

resource "aws_ec2_transit_gateway" "hub" {
  description = "Between the VPCs and the sites"
  tags        = { Name = "transit-example" }
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  for_each           = local.vpcs
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = module.network[each.key].vpc_id
  subnet_ids         = values(module.network[each.key].private_subnet_ids)
  tags               = { Name = "transit-${each.key}" }
}

module "vpn" {
  source                         = "../.."
  name                           = "transit-example"
  gateway                        = "transit"
  transit_gateway_id             = aws_ec2_transit_gateway.hub.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway.hub.association_default_route_table_id
  sites = {
    leeds = { ip = "203.0.113.30", static_routes = ["10.80.0.0/16"] }
  }
}

resource "aws_route" "leeds" {
  for_each = merge([
    for name, network in module.network : {
      for zone, table in network.private_route_table_ids : "${name} ${zone}" => table
    }
  ]...)
  route_table_id         = each.value
  destination_cidr_block = "10.80.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
  depends_on             = [aws_ec2_transit_gateway_vpc_attachment.this]
}
