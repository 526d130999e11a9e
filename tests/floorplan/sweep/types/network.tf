resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
  tags       = { Name = "base" }
}
resource "aws_internet_gateway" "base" {
  vpc_id = aws_vpc.base.id
}
resource "aws_subnet" "base" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
  tags              = { Name = "base-${each.key}" }
}
resource "aws_route_table" "base" {
  for_each = { a = 1, b = 2 }
  vpc_id   = aws_vpc.base.id
  tags     = { Name = "base-${each.key}" }
}

# swept
resource "aws_vpc" "it" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true  # 1
  enable_dns_hostnames = false # 2
  tags                 = { Name = "it" }
}
resource "aws_subnet" "it" {
  vpc_id                  = aws_vpc.it.id
  cidr_block              = "10.2.1.0/24"
  availability_zone       = "eu-west-1a"
  map_public_ip_on_launch = true  # 1
  map_public_ip_on_launch = false # 2
  tags                    = { Name = "it" }
}
resource "aws_internet_gateway" "it" {
  vpc_id = aws_vpc.it.id
  tags   = { Name = "one" } # 1
  tags   = { Name = "two" } # 2
}
resource "aws_egress_only_internet_gateway" "it" {
  vpc_id = aws_vpc.it.id
  tags   = { Name = "one" } # 1
  tags   = { Name = "two" } # 2
}
resource "aws_eip" "it" {
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_nat_gateway" "it" {
  allocation_id = aws_eip.it.id
  subnet_id     = aws_subnet.base["a"].id
  tags          = { Name = "one" } # 1
  tags          = { Name = "two" } # 2
}
resource "aws_route_table" "it" {
  vpc_id = aws_vpc.base.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.base.id # 1
    nat_gateway_id = aws_nat_gateway.it.id # 2
  }
  tags = { Name = "it" }
}
resource "aws_route" "it" {
  route_table_id         = aws_route_table.base["a"].id
  destination_cidr_block = "192.0.2.0/24"
  gateway_id             = aws_internet_gateway.base.id # 1
  nat_gateway_id         = aws_nat_gateway.it.id        # 2
}
resource "aws_route_table_association" "it" {
  subnet_id      = aws_subnet.base["b"].id
  route_table_id = aws_route_table.base["a"].id # 1
  route_table_id = aws_route_table.base["b"].id # 2
}
resource "aws_main_route_table_association" "it" {
  vpc_id         = aws_vpc.base.id
  route_table_id = aws_route_table.base["a"].id # 1
  route_table_id = aws_route_table.base["b"].id # 2
}
resource "aws_default_route_table" "it" {
  default_route_table_id = aws_vpc.it.default_route_table_id
  tags                   = { Name = "default" }
  route {                                           # 2
    cidr_block = "0.0.0.0/0"                        # 2
    gateway_id = aws_internet_gateway.it.id         # 2
  }                                                 # 2
}
resource "aws_vpc_ipv4_cidr_block_association" "it" {
  vpc_id     = aws_vpc.base.id
  cidr_block = "10.3.0.0/16"
}
resource "aws_vpc_dhcp_options" "it" {
  domain_name_servers = ["10.1.0.2"]
  tags                = { Name = "one" } # 1
  tags                = { Name = "two" } # 2
}
resource "aws_vpc_dhcp_options" "other" {
  domain_name_servers = ["10.1.0.3"]
  tags                = { Name = "other" }
}
resource "aws_vpc_dhcp_options_association" "it" {
  vpc_id          = aws_vpc.base.id
  dhcp_options_id = aws_vpc_dhcp_options.it.id    # 1
  dhcp_options_id = aws_vpc_dhcp_options.other.id # 2
}
resource "aws_vpc_endpoint" "it" {
  vpc_id          = aws_vpc.base.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.base["a"].id]                               # 1
  route_table_ids = [aws_route_table.base["a"].id, aws_route_table.base["b"].id] # 2
  tags            = { Name = "it" }
}
resource "aws_vpc_peering_connection" "it" {
  vpc_id      = aws_vpc.base.id
  peer_vpc_id = aws_vpc.it.id
  auto_accept = true
  requester {
    allow_remote_vpc_dns_resolution = true  # 1
    allow_remote_vpc_dns_resolution = false # 2
  }
  tags = { Name = "it" }
}
resource "aws_ec2_managed_prefix_list" "it" {
  name           = "it"
  address_family = "IPv4"
  max_entries    = 3
  entry {
    cidr        = "10.0.0.0/8"
    description = "one" # 1
    description = "two" # 2
  }
  entry {                      # 2
    cidr = "192.168.0.0/16"    # 2
  }                            # 2
  tags = { Name = "it" }
}
resource "aws_network_interface" "it" {
  subnet_id   = aws_subnet.base["a"].id
  private_ip  = "10.1.1.10"
  description = "one" # 1
  description = "two" # 2
  tags        = { Name = "it" }
}
resource "aws_eip" "more" {
  tags = { Name = "more" }
}
resource "aws_eip_association" "it" {
  allocation_id        = aws_eip.more.id
  network_interface_id = aws_network_interface.it.id
  allow_reassociation  = true # 2
}
resource "aws_ec2_tag" "it" {
  resource_id = aws_vpc.it.default_network_acl_id
  key         = "team"
  value       = "one" # 1
  value       = "two" # 2
}
resource "aws_vpc_block_public_access_options" "it" {
  internet_gateway_block_mode = "block-ingress"       # 1
  internet_gateway_block_mode = "block-bidirectional" # 2
}
resource "aws_vpc_block_public_access_exclusion" "it" {
  vpc_id                          = aws_vpc.base.id
  internet_gateway_exclusion_mode = "allow-egress"        # 1
  internet_gateway_exclusion_mode = "allow-bidirectional" # 2
  tags                            = { Name = "it" }
}
