resource "aws_vpc" "base" {
  for_each   = { a = 1, b = 2 }
  cidr_block = "10.${each.value}.0.0/16"
}
resource "aws_vpn_gateway" "base" {
  for_each = aws_vpc.base
  vpc_id   = each.value.id
}
resource "aws_ec2_transit_gateway" "base" {
  amazon_side_asn = 64600
}
resource "aws_dx_connection" "base" {
  name      = "base"
  bandwidth = "10Gbps"
  location  = "EqDC2"
}
resource "aws_dx_gateway" "base" {
  for_each        = toset(["private", "transit", "proposed"])
  name            = each.key
  amazon_side_asn = "64512"
}
data "aws_caller_identity" "base" {}

# swept
resource "aws_dx_connection" "it" {
  name      = "one" # 1
  name      = "two" # 2
  bandwidth = "1Gbps"
  location  = "EqDC2"
  tags      = { Name = "one" } # 1
  tags      = { Name = "two" } # 2
}
resource "aws_dx_gateway" "it" {
  name            = "one" # 1
  name            = "two" # 2
  amazon_side_asn = "4200000000"
  tags            = { Name = "one" } # 1
  tags            = { Name = "two" } # 2
}
resource "aws_dx_private_virtual_interface" "it" {
  connection_id    = aws_dx_connection.base.id
  dx_gateway_id    = aws_dx_gateway.base["private"].id
  name             = "private"
  vlan             = 101
  address_family   = "ipv4"
  bgp_asn          = 65000
  bgp_auth_key     = "sweepKeyOfBgp"
  mtu              = 8500 # 2
  sitelink_enabled = true # 2
  tags             = { Name = "one" } # 1
  tags             = { Name = "two" } # 2
}
resource "aws_dx_private_virtual_interface" "of_network" {
  connection_id  = aws_dx_connection.base.id
  vpn_gateway_id = aws_vpn_gateway.base["a"].id
  name           = "network"
  vlan           = 102
  address_family = "ipv6"
  bgp_asn_long   = "4200000001"
}
resource "aws_dx_transit_virtual_interface" "it" {
  connection_id  = aws_dx_connection.base.id
  dx_gateway_id  = aws_dx_gateway.base["transit"].id
  name           = "one" # 1
  name           = "two" # 2
  vlan           = 103
  address_family = "ipv4"
  bgp_asn        = 65000
  rate_limit     = "1Gbps" # 2
  tags           = { Name = "it" }
}
resource "aws_dx_gateway_association" "it" {
  dx_gateway_id         = aws_dx_gateway.base["transit"].id
  associated_gateway_id = aws_ec2_transit_gateway.base.id
  allowed_prefixes      = ["10.1.0.0/16", "10.3.0.0/16"] # 1
  allowed_prefixes      = ["10.1.0.0/16", "10.4.0.0/16"] # 2
}
resource "aws_dx_gateway_association" "of_network" {
  dx_gateway_id         = aws_dx_gateway.base["private"].id
  associated_gateway_id = aws_vpn_gateway.base["a"].id
}
resource "aws_dx_gateway_association_proposal" "it" {
  dx_gateway_id               = aws_dx_gateway.base["proposed"].id
  dx_gateway_owner_account_id = data.aws_caller_identity.base.account_id
  associated_gateway_id       = aws_vpn_gateway.base["b"].id
  allowed_prefixes            = ["10.2.0.0/17", "10.2.128.0/17"]
}
resource "aws_dx_gateway_association" "accepted" {
  dx_gateway_id                       = aws_dx_gateway.base["proposed"].id
  proposal_id                         = aws_dx_gateway_association_proposal.it.id
  associated_gateway_owner_account_id = data.aws_caller_identity.base.account_id
  allowed_prefixes                    = ["10.2.0.0/17"]
}
