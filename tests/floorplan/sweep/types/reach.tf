resource "aws_vpc" "base" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_vpc" "other" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "base" {
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "eu-west-1a"
}
resource "aws_internet_gateway" "base" {
  vpc_id = aws_vpc.base.id
}
resource "aws_route_table" "base" {
  vpc_id = aws_vpc.base.id
}
resource "aws_security_group" "base" {
  name   = "base"
  vpc_id = aws_vpc.base.id
}
resource "aws_vpc_security_group_ingress_rule" "base" {
  for_each          = { one = 80, two = 443 }
  security_group_id = aws_security_group.base.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}
resource "aws_eip" "base" {
  for_each   = toset(["first", "second", "named"])
  depends_on = [aws_internet_gateway.base]
}
resource "aws_nat_gateway" "base" {
  subnet_id     = aws_subnet.base.id
  allocation_id = aws_eip.base["first"].id
}
resource "aws_network_interface" "base" {
  subnet_id = aws_subnet.base.id
}
resource "aws_lb" "base" {
  name               = "base"
  internal           = true
  load_balancer_type = "network"
  subnets            = [aws_subnet.base.id]
}
resource "aws_sns_topic" "base" {
  name = "base"
}
resource "aws_vpc_endpoint_service" "base" {
  acceptance_required        = true
  network_load_balancer_arns = [aws_lb.base.arn]
}
resource "aws_vpc_endpoint" "own" {
  vpc_id              = aws_vpc.base.id
  service_name        = aws_vpc_endpoint_service.base.service_name
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = false
}
resource "aws_vpc_endpoint" "base" {
  vpc_id            = aws_vpc.base.id
  service_name      = "com.amazonaws.eu-west-1.ec2"
  vpc_endpoint_type = "Interface"
}
resource "aws_vpc_ipam" "base" {
  operating_regions {
    region_name = "eu-west-1"
  }
}
resource "aws_vpc_ipam_pool" "base" {
  ipam_scope_id  = aws_vpc_ipam.base.private_default_scope_id
  address_family = "ipv4"
}
resource "aws_vpc_ipam_pool_cidr" "base" {
  ipam_pool_id = aws_vpc_ipam_pool.base.id
  cidr         = "10.0.0.0/8"
}

# swept
resource "aws_vpc_security_group_rules_exclusive" "it" {
  security_group_id = aws_security_group.base.id
  ingress_rule_ids  = [for rule in aws_vpc_security_group_ingress_rule.base : rule.id]     # 1
  ingress_rule_ids  = [for key, rule in aws_vpc_security_group_ingress_rule.base : rule.id] # 2
  egress_rule_ids   = []
}
resource "aws_vpc_security_group_vpc_association" "it" {
  security_group_id = aws_security_group.base.id
  vpc_id            = aws_vpc.other.id
}
resource "aws_nat_gateway_eip_association" "it" {
  nat_gateway_id = aws_nat_gateway.base.id
  allocation_id  = aws_eip.base["second"].id
}
resource "aws_vpc_encryption_control" "it" {
  vpc_id                     = aws_vpc.base.id
  mode                       = "monitor" # 1
  mode                       = "enforce" # 2
  internet_gateway_exclusion = "enable"  # 2
  tags                       = { Name = "it" }
}
resource "aws_default_vpc_dhcp_options" "it" {
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_vpc_endpoint_connection_accepter" "it" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.base.id
  vpc_endpoint_id         = aws_vpc_endpoint.own.id
}
resource "aws_vpc_endpoint_connection_notification" "it" {
  vpc_endpoint_service_id     = aws_vpc_endpoint_service.base.id
  connection_notification_arn = aws_sns_topic.base.arn
  connection_events           = ["Accept", "Reject"] # 1
  connection_events           = ["Accept"]           # 2
}
resource "aws_vpc_endpoint_private_dns" "it" {
  vpc_endpoint_id     = aws_vpc_endpoint.base.id
  private_dns_enabled = true  # 1
  private_dns_enabled = false # 2
}
resource "aws_vpc_ipam_pool_cidr_allocation" "it" {
  ipam_pool_id   = aws_vpc_ipam_pool_cidr.base.ipam_pool_id
  netmask_length = 28
  tags           = { Name = "one" } # 1
  tags           = { Name = "two" } # 2
}
resource "aws_vpc_route_server" "it" {
  amazon_side_asn           = 65534
  persist_routes            = "enable"
  persist_routes_duration   = 2     # 1
  persist_routes_duration   = 3     # 2
  sns_notifications_enabled = false # 1
  sns_notifications_enabled = true  # 2
  tags                      = { Name = "it" }
}
resource "aws_vpc_route_server_vpc_association" "it" {
  route_server_id = aws_vpc_route_server.it.route_server_id
  vpc_id          = aws_vpc.base.id
}
resource "aws_vpc_route_server_endpoint" "it" {
  route_server_id = aws_vpc_route_server_vpc_association.it.route_server_id
  subnet_id       = aws_subnet.base.id
  tags            = { Name = "one" } # 1
  tags            = { Name = "two" } # 2
}
resource "aws_vpc_route_server_peer" "it" {
  route_server_endpoint_id = aws_vpc_route_server_endpoint.it.route_server_endpoint_id
  peer_address             = "10.1.1.30"
  bgp_options {
    peer_asn = 65001
  }
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_vpc_route_server_propagation" "it" {
  route_server_id = aws_vpc_route_server_vpc_association.it.route_server_id
  route_table_id  = aws_route_table.base.id
}
resource "aws_ec2_instance_connect_endpoint" "it" {
  subnet_id          = aws_subnet.base.id
  preserve_client_ip = false # 1
  preserve_client_ip = true  # 2
  tags               = { Name = "it" }
}
resource "aws_ec2_carrier_gateway" "it" {
  vpc_id = aws_vpc.base.id
  tags   = { Name = "one" } # 1
  tags   = { Name = "two" } # 2
}
resource "aws_ec2_subnet_cidr_reservation" "it" {
  subnet_id        = aws_subnet.base.id
  cidr_block       = "10.1.1.64/28"
  reservation_type = "prefix"
  description      = "for later"
}
resource "aws_ec2_network_insights_path" "it" {
  source           = aws_internet_gateway.base.id
  destination      = aws_network_interface.base.id
  protocol         = "tcp"
  destination_port = 443
  tags             = { Name = "one" } # 1
  tags             = { Name = "two" } # 2
}
resource "aws_ec2_network_insights_analysis" "it" {
  network_insights_path_id = aws_ec2_network_insights_path.it.id
  tags                     = { Name = "one" } # 1
  tags                     = { Name = "two" } # 2
}
resource "aws_eip_domain_name" "it" {
  allocation_id = aws_eip.base["named"].id
  domain_name   = "one.example.org" # 1
  domain_name   = "two.example.org" # 2
}
