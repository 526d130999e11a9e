resource "aws_vpc" "base" {
  for_each   = { a = 1, b = 2 }
  cidr_block = "10.${each.value}.0.0/16"
}
resource "aws_subnet" "base" {
  for_each   = aws_vpc.base
  vpc_id     = each.value.id
  cidr_block = each.value.cidr_block
}
resource "aws_route_table" "base" {
  vpc_id = aws_vpc.base["a"].id
}
resource "aws_customer_gateway" "base" {
  type       = "ipsec.1"
  ip_address = "198.51.100.8"
  bgp_asn    = 65010
}

# swept
resource "aws_customer_gateway" "it" {
  type       = "ipsec.1"
  ip_address = "198.51.100.7"
  bgp_asn    = 65010
  tags       = { Name = "one" } # 1
  tags       = { Name = "two" } # 2
}
resource "aws_vpn_gateway" "it" {
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_vpn_gateway_attachment" "it" {
  vpc_id         = aws_vpc.base["a"].id
  vpn_gateway_id = aws_vpn_gateway.it.id
}
resource "aws_vpn_gateway_route_propagation" "it" {
  vpn_gateway_id = aws_vpn_gateway_attachment.it.vpn_gateway_id
  route_table_id = aws_route_table.base.id
}
resource "aws_vpn_connection" "it" {
  type                  = "ipsec.1"
  customer_gateway_id   = aws_customer_gateway.it.id   # 1
  customer_gateway_id   = aws_customer_gateway.base.id # 2
  vpn_gateway_id        = aws_vpn_gateway_attachment.it.vpn_gateway_id
  static_routes_only    = true
  tunnel1_inside_cidr   = "169.254.10.0/30"
  tunnel2_inside_cidr   = "169.254.11.0/30"
  tunnel1_preshared_key = "sweep_Tunnel_one_1" # 1
  tunnel1_preshared_key = "sweep_Tunnel_one_2" # 2
  tunnel2_preshared_key = "sweep_Tunnel_two_1" # 1
  tunnel2_preshared_key = "sweep_Tunnel_two_2" # 2
  tags                  = { Name = "it" }
}
resource "aws_vpn_connection_route" "it" {
  vpn_connection_id      = aws_vpn_connection.it.id
  destination_cidr_block = "192.168.0.0/24"
}
resource "aws_ec2_transit_gateway" "it" {
  description                     = "one" # 1
  description                     = "two" # 2
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
  tags                            = { Name = "it" }
}
resource "aws_ec2_transit_gateway_vpc_attachment" "it" {
  transit_gateway_id                              = aws_ec2_transit_gateway.it.id
  vpc_id                                          = aws_vpc.base["b"].id
  subnet_ids                                      = [aws_subnet.base["b"].id]
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
  tags                                            = { Name = "one" } # 1
  tags                                            = { Name = "two" } # 2
}
resource "aws_ec2_transit_gateway_route_table" "it" {
  transit_gateway_id = aws_ec2_transit_gateway.it.id
  tags               = { Name = "one" } # 1
  tags               = { Name = "two" } # 2
}
resource "aws_ec2_transit_gateway_route_table_association" "it" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.it.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.it.id
  replace_existing_association   = true # 2
}
resource "aws_ec2_transit_gateway_route_table_propagation" "it" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.it.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.it.id
}
resource "aws_ec2_transit_gateway_route" "it" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.it.id
  destination_cidr_block         = "10.7.0.0/16"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.it.id # 1
  blackhole                      = true                                         # 2
}
