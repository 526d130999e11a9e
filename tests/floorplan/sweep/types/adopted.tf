resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "peer" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "base" {
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "eu-west-1a"
}
resource "aws_route_table" "base" {
  vpc_id = aws_vpc.base.id
}
resource "aws_security_group" "base" {
  name   = "base"
  vpc_id = aws_vpc.base.id
}
resource "aws_vpc_endpoint" "tables" {
  vpc_id       = aws_vpc.base.id
  service_name = "com.amazonaws.eu-west-1.s3"
}
resource "aws_vpc_endpoint" "subnets" {
  vpc_id              = aws_vpc.base.id
  service_name        = "com.amazonaws.eu-west-1.ec2"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = false
}
resource "aws_vpc_peering_connection" "base" {
  vpc_id      = aws_vpc.base.id
  peer_vpc_id = aws_vpc.peer.id
}
resource "aws_ec2_managed_prefix_list" "base" {
  name           = "base"
  address_family = "IPv4"
  max_entries    = 3
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
data "aws_ami" "image" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*"]
  }
}
resource "aws_instance" "base" {
  ami           = data.aws_ami.image.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.base.id
}

# swept
resource "aws_default_vpc" "it" {
  enable_dns_hostnames = false # 1
  enable_dns_hostnames = true  # 2
  tags                 = { Name = "it" }
}
resource "aws_default_subnet" "it" {
  availability_zone       = "eu-west-1a"
  map_public_ip_on_launch = false # 1
  map_public_ip_on_launch = true  # 2
  tags                    = { Name = "it" }
}
resource "aws_vpc_endpoint_route_table_association" "it" {
  vpc_endpoint_id = aws_vpc_endpoint.tables.id
  route_table_id  = aws_route_table.base.id
}
resource "aws_vpc_endpoint_subnet_association" "it" {
  vpc_endpoint_id = aws_vpc_endpoint.subnets.id
  subnet_id       = aws_subnet.base.id
}
resource "aws_vpc_endpoint_security_group_association" "it" {
  vpc_endpoint_id             = aws_vpc_endpoint.subnets.id
  security_group_id           = aws_security_group.base.id
  replace_default_association = true
}
resource "aws_vpc_peering_connection_accepter" "it" {
  vpc_peering_connection_id = aws_vpc_peering_connection.base.id
  auto_accept               = true
  accepter {
    allow_remote_vpc_dns_resolution = true  # 1
    allow_remote_vpc_dns_resolution = false # 2
  }
}
resource "aws_vpc_peering_connection_options" "it" {
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.it.id
  requester {
    allow_remote_vpc_dns_resolution = false # 1
    allow_remote_vpc_dns_resolution = true  # 2
  }
}
resource "aws_ec2_managed_prefix_list_entry" "it" {
  prefix_list_id = aws_ec2_managed_prefix_list.base.id
  cidr           = "10.0.0.0/8"
  description    = "one"
}
resource "aws_vpc_endpoint_policy" "it" {
  vpc_endpoint_id = aws_vpc_endpoint.tables.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Principal = "*", Resource = "*" }] # 1
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Principal = "*", Resource = "*" }] # 2
  })
}
resource "aws_vpc_endpoint_service" "it" {
  acceptance_required        = true  # 1
  acceptance_required        = false # 2
  network_load_balancer_arns = [aws_lb.base.arn]
  tags                       = { Name = "it" }
}
resource "aws_vpc_endpoint_service_allowed_principal" "it" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.it.id
  principal_arn           = "arn:aws:iam::123456789013:root"
}
resource "aws_network_interface_attachment" "it" {
  network_interface_id = aws_network_interface.base.id
  instance_id          = aws_instance.base.id
  device_index         = 1
}
resource "aws_network_interface_sg_attachment" "it" {
  network_interface_id = aws_network_interface.base.id
  security_group_id    = aws_security_group.base.id
}
resource "aws_ebs_encryption_by_default" "it" {
  enabled = true  # 1
  enabled = false # 2
}
resource "aws_vpc_ipv6_cidr_block_association" "it" {
  vpc_id                           = aws_vpc.peer.id
  assign_generated_ipv6_cidr_block = true
}
