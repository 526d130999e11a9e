resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "other" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "base" {
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "eu-west-1a"
}
resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.2.1.0/24"
}
resource "aws_security_group" "base" {
  name   = "base"
  vpc_id = aws_vpc.base.id
}
resource "aws_ec2_managed_prefix_list" "base" {
  name           = "base"
  address_family = "IPv4"
  max_entries    = 3
}
resource "aws_ec2_transit_gateway" "base" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
  transit_gateway_cidr_blocks     = ["192.0.2.0/24"]
}
resource "aws_ec2_transit_gateway" "peer" {
  amazon_side_asn                 = 64513
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}
resource "aws_ec2_transit_gateway_vpc_attachment" "base" {
  transit_gateway_id                              = aws_ec2_transit_gateway.base.id
  vpc_id                                          = aws_vpc.base.id
  subnet_ids                                      = [aws_subnet.base.id]
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}
resource "aws_ec2_transit_gateway_route_table" "base" {
  transit_gateway_id = aws_ec2_transit_gateway.base.id
}

# swept
resource "aws_ec2_client_vpn_endpoint" "it" {
  description            = "one" # 1
  description            = "two" # 2
  server_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
  client_cidr_block      = "10.9.0.0/22"
  vpc_id                 = aws_vpc.base.id
  security_group_ids     = [aws_security_group.base.id]
  dns_servers            = ["10.1.0.2"] # 2
  split_tunnel           = true         # 2
  self_service_portal    = "enabled"    # 2
  authentication_options {
    type                       = "certificate-authentication"
    root_certificate_chain_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/2"
  }
  client_login_banner_options {
    enabled     = true
    banner_text = "Hello" # 1
    banner_text = "Bye"   # 2
  }
  connection_log_options {
    enabled = false
  }
  tags = { Name = "it" }
}
resource "aws_ec2_client_vpn_network_association" "it" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.it.id
  subnet_id              = aws_subnet.base.id
}
resource "aws_ec2_client_vpn_authorization_rule" "it" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.it.id
  target_network_cidr    = "10.1.0.0/16"
  authorize_all_groups   = true
  description            = "all"
}
resource "aws_ec2_client_vpn_route" "it" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.it.id
  destination_cidr_block = "0.0.0.0/0"
  target_vpc_subnet_id   = aws_ec2_client_vpn_network_association.it.subnet_id
}
resource "aws_vpn_concentrator" "it" {
  type               = "ipsec.1"
  transit_gateway_id = aws_ec2_transit_gateway.base.id
  tags               = { Name = "one" } # 1
  tags               = { Name = "two" } # 2
}
resource "aws_ec2_transit_gateway_connect" "it" {
  transit_gateway_id                              = aws_ec2_transit_gateway.base.id
  transport_attachment_id                         = aws_ec2_transit_gateway_vpc_attachment.base.id
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
  tags                                            = { Name = "one" } # 1
  tags                                            = { Name = "two" } # 2
}
resource "aws_ec2_transit_gateway_connect_peer" "it" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_connect.it.id
  peer_address                  = "10.1.1.9"
  bgp_asn                       = "65001"
  inside_cidr_blocks            = ["169.254.100.0/29"]
  tags                          = { Name = "one" } # 1
  tags                          = { Name = "two" } # 2
}
resource "aws_ec2_transit_gateway_peering_attachment" "it" {
  transit_gateway_id      = aws_ec2_transit_gateway.base.id
  peer_transit_gateway_id = aws_ec2_transit_gateway.peer.id
  peer_region             = "eu-west-1"
  tags                    = { Name = "one" } # 1
  tags                    = { Name = "two" } # 2
}
resource "aws_ec2_transit_gateway_peering_attachment_accepter" "it" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_peering_attachment.it.id
  tags                          = { Name = "one" } # 1
  tags                          = { Name = "two" } # 2
}
resource "aws_ec2_transit_gateway_vpc_attachment" "it" {
  transit_gateway_id                              = aws_ec2_transit_gateway.base.id
  vpc_id                                          = aws_vpc.other.id
  subnet_ids                                      = [aws_subnet.other.id]
  dns_support                                     = "enable"  # 1
  dns_support                                     = "disable" # 2
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
  tags                                            = { Name = "it" }
}
resource "aws_ec2_transit_gateway_vpc_attachment_accepter" "it" {
  transit_gateway_attachment_id                   = aws_ec2_transit_gateway_vpc_attachment.it.id
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
  tags                                            = { Name = "it" } # 1
  tags                                            = { Name = "it" } # 2
}
resource "aws_ec2_transit_gateway_policy_table" "it" {
  transit_gateway_id = aws_ec2_transit_gateway.base.id
  tags               = { Name = "one" } # 1
  tags               = { Name = "two" } # 2
}
resource "aws_ec2_transit_gateway_prefix_list_reference" "it" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.base.id
  prefix_list_id                 = aws_ec2_managed_prefix_list.base.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.base.id # 1
  blackhole                      = true                                           # 2
}
