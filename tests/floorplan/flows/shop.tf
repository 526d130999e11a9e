layout {
  name         = "shop"
  availability = "high"
}
data "aws_ami" "image" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*"]
  }
}
locals {
  zones = { a = 0, b = 1, c = 2 }
}

# Rooms
resource "aws_vpc" "shop" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "public" {
  for_each          = local.zones
  vpc_id            = aws_vpc.shop.id
  availability_zone = "eu-west-1${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.shop.cidr_block, 8, each.value)
}
resource "aws_subnet" "web" {
  for_each          = local.zones
  vpc_id            = aws_vpc.shop.id
  availability_zone = "eu-west-1${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.shop.cidr_block, 8, 10 + each.value)
}
resource "aws_subnet" "data" {
  for_each          = local.zones
  vpc_id            = aws_vpc.shop.id
  availability_zone = "eu-west-1${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.shop.cidr_block, 8, 20 + each.value)
}
resource "aws_subnet" "edge" {
  vpc_id            = aws_vpc.shop.id
  availability_zone = "eu-west-1a"
  cidr_block        = "10.0.30.0/24"
}

# Ways
resource "aws_internet_gateway" "shop" {
  vpc_id = aws_vpc.shop.id
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.shop.id
}
resource "aws_route" "public" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.shop.id
}
resource "aws_route_table_association" "public" {
  for_each       = local.zones
  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public.id
}
resource "aws_eip" "nat" {
  for_each = local.zones
  domain   = "vpc"
}
resource "aws_nat_gateway" "out" {
  for_each      = local.zones
  subnet_id     = aws_subnet.public[each.key].id
  allocation_id = aws_eip.nat[each.key].id
  depends_on    = [aws_internet_gateway.shop]
}
resource "aws_route_table" "web" {
  for_each = local.zones
  vpc_id   = aws_vpc.shop.id
}
resource "aws_route" "web" {
  for_each               = { a = "a", b = "b", c = "c" }
  route_table_id         = aws_route_table.web[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.out[each.value].id
}
resource "aws_route_table_association" "web" {
  for_each       = local.zones
  subnet_id      = aws_subnet.web[each.key].id
  route_table_id = aws_route_table.web[each.key].id
}
resource "aws_route_table" "data" {
  vpc_id = aws_vpc.shop.id
}
resource "aws_route_table_association" "data" {
  for_each       = local.zones
  subnet_id      = aws_subnet.data[each.key].id
  route_table_id = aws_route_table.data.id
}
resource "aws_route_table" "edge" {
  vpc_id = aws_vpc.shop.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.shop.id
  }
}
resource "aws_route_table_association" "edge" {
  subnet_id      = aws_subnet.edge.id
  route_table_id = aws_route_table.edge.id
}

# The office
resource "aws_customer_gateway" "office" {
  bgp_asn    = 65000
  ip_address = "203.0.113.10"
  type       = "ipsec.1"
}
resource "aws_vpn_gateway" "shop" {
  vpc_id = aws_vpc.shop.id
}
resource "aws_vpn_connection" "office" {
  customer_gateway_id = aws_customer_gateway.office.id
  vpn_gateway_id      = aws_vpn_gateway.shop.id
  type                = "ipsec.1"
  static_routes_only  = true
}
resource "aws_vpn_connection_route" "office" {
  vpn_connection_id      = aws_vpn_connection.office.id
  destination_cidr_block = "10.9.0.0/16"
}
resource "aws_vpn_gateway_route_propagation" "data" {
  vpn_gateway_id = aws_vpn_gateway.shop.id
  route_table_id = aws_route_table.data.id
}

# Who may enter the data subnets
resource "aws_network_acl" "data" {
  vpc_id     = aws_vpc.shop.id
  subnet_ids = [for subnet in aws_subnet.data : subnet.id]
}
resource "aws_network_acl_rule" "query" {
  network_acl_id = aws_network_acl.data.id
  rule_number    = 100
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  from_port      = 5432
  to_port        = 5432
}
resource "aws_network_acl_rule" "answer" {
  network_acl_id = aws_network_acl.data.id
  egress         = true
  rule_number    = 100
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  from_port      = 1024
  to_port        = 65535
}

# The balancer
resource "aws_security_group" "front" {
  name   = "front"
  vpc_id = aws_vpc.shop.id
}
resource "aws_vpc_security_group_ingress_rule" "front" {
  security_group_id = aws_security_group.front.id
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_vpc_security_group_egress_rule" "front" {
  security_group_id = aws_security_group.front.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_lb" "front" {
  name            = "front"
  subnets         = [for subnet in aws_subnet.public : subnet.id]
  security_groups = [aws_security_group.front.id]
}
resource "aws_lb_target_group" "web" {
  name     = "web"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.shop.id
  health_check {
    port = "9000"
  }
}
resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_wafv2_web_acl" "front" {
  name  = "front"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "front"
    sampled_requests_enabled   = false
  }
}
resource "aws_wafv2_web_acl_association" "front" {
  resource_arn = aws_lb.front.arn
  web_acl_arn  = aws_wafv2_web_acl.front.arn
}

# The servers
resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.shop.id
  ingress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8080
    security_groups = [aws_security_group.front.id]
  }
  ingress {
    protocol        = "tcp"
    from_port       = 9000
    to_port         = 9000
    security_groups = [aws_security_group.front.id]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  for_each               = local.zones
  ami                    = data.aws_ami.image.id
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.web[each.key].id
  vpc_security_group_ids = [aws_security_group.web.id]
  tags                   = { Name = "web" }
}
resource "aws_lb_target_group_attachment" "web" {
  for_each         = local.zones
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web[each.key].id
}

# The database
resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = aws_vpc.shop.id
}
resource "aws_vpc_security_group_ingress_rule" "query" {
  security_group_id            = aws_security_group.orders.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = aws_security_group.web.id
}
resource "aws_vpc_security_group_ingress_rule" "office" {
  security_group_id = aws_security_group.orders.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "10.9.0.0/16"
}
resource "aws_db_subnet_group" "orders" {
  name       = "orders"
  subnet_ids = [for subnet in aws_subnet.data : subnet.id]
}
resource "aws_db_instance" "orders" {
  identifier             = "orders"
  engine                 = "postgres"
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  port                   = 5432
  username               = "keeper"
  password               = "not-a-secret-here"
  db_subnet_group_name   = aws_db_subnet_group.orders.name
  vpc_security_group_ids = [aws_security_group.orders.id]
  apply_immediately      = true
  skip_final_snapshot    = true
}

# A server with an address of its own
resource "aws_security_group" "edge" {
  name   = "edge"
  vpc_id = aws_vpc.shop.id
}
resource "aws_vpc_security_group_ingress_rule" "edge" {
  security_group_id = aws_security_group.edge.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_instance" "edge" {
  ami                    = data.aws_ami.image.id
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.edge.id
  vpc_security_group_ids = [aws_security_group.edge.id]
  tags                   = { Name = "edge" }
}
resource "aws_eip" "edge" {
  domain   = "vpc"
  instance = aws_instance.edge.id
}
