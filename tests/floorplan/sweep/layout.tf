# One of each kind of object whose making takes more than one call. `stage` 2 changes much of it in
# place, 3 replaces parts of it, and another `image_id` rolls through the members.
variable "stage" {
  default = 1
}
variable "image_id" {}

provider "aws" {
  default_tags {
    tags = { layout = "sweep" }
  }
}

locals {
  later  = var.stage >= 2
  anew   = var.stage >= 3
  zones  = { "eu-west-1a" = 0, "eu-west-1b" = 1 }
}

resource "aws_vpc" "main" {
  cidr_block           = "10.60.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "sweep" }
}
resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "public" {
  for_each                = local.zones
  vpc_id                  = aws_vpc.main.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet("10.60.0.0/16", 8, each.value)
  map_public_ip_on_launch = true
  tags                    = { Name = "public-${each.key}" }
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = "sweep" }
}
resource "aws_eip" "nat" {
  tags = { Name = "nat" }
}
resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public["eu-west-1a"].id
  depends_on    = [aws_internet_gateway.main]
  tags          = { Name = "sweep" }
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
  tags = { Name = "public" }
}
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = "private" }
}
resource "aws_route" "out" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main.id
}
resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  route_table_ids = [aws_route_table.private.id]
  tags            = { Name = "s3" }
}
resource "aws_vpc_endpoint" "logs" {
  vpc_id             = aws_vpc.main.id
  service_name       = "com.amazonaws.eu-west-1.logs"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.public["eu-west-1a"].id]
  security_group_ids = [aws_security_group.door.id]
  tags               = { Name = "logs" }
}

# Rules of one side inline, of both sides inline, and of their own.
resource "aws_security_group" "door" {
  name_prefix = "door-"
  description = local.anew ? "Whoever comes" : "Clients"
  vpc_id      = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = local.later ? ["10.0.0.0/8"] : ["0.0.0.0/0"]
  }
  tags = { Name = "door" }
  lifecycle {
    create_before_destroy = true
  }
}
resource "aws_security_group" "member" {
  name   = "member"
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["10.60.0.0/16"]
  }
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  tags = { Name = "member" }
}
resource "aws_security_group" "data" {
  name   = "data"
  vpc_id = aws_vpc.main.id
  tags   = { Name = "data" }
}
resource "aws_vpc_security_group_ingress_rule" "data" {
  security_group_id            = aws_security_group.data.id
  referenced_security_group_id = aws_security_group.member.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = local.later ? 5433 : 5432
}

resource "aws_iam_role" "member" {
  name               = "member"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "member" {
  name   = "logs"
  role   = aws_iam_role.member.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = local.later ? ["logs:PutLogEvents", "logs:CreateLogStream"] : ["logs:PutLogEvents"], Resource = "*" }] })
}
resource "aws_iam_policy" "read" {
  name   = local.anew ? "read-all" : "read"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.member.name
  policy_arn = aws_iam_policy.read.arn
}
resource "aws_iam_instance_profile" "member" {
  name = "member"
  role = aws_iam_role.member.name
}
resource "aws_cloudwatch_log_group" "main" {
  name              = "sweep"
  retention_in_days = local.later ? 30 : 7
}
resource "aws_s3_bucket" "kept" {
  bucket = "sweep-kept"
  tags   = { Name = "kept" }
}
resource "aws_s3_bucket_versioning" "kept" {
  bucket = aws_s3_bucket.kept.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_public_access_block" "kept" {
  bucket                  = aws_s3_bucket.kept.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_lb" "main" {
  name                       = "sweep"
  internal                   = true
  subnets                    = [for s in aws_subnet.public : s.id]
  security_groups            = [aws_security_group.door.id]
  drop_invalid_header_fields = true
  idle_timeout               = local.later ? 120 : 90
}
resource "aws_lb_target_group" "main" {
  name                 = "sweep"
  port                 = 80
  protocol             = "HTTP"
  vpc_id               = aws_vpc.main.id
  deregistration_delay = local.later ? 0 : 1
}
resource "aws_lb_listener" "main" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.main.arn
  }
}
resource "aws_instance" "member" {
  for_each                    = local.zones
  ami                         = var.image_id
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public[each.key].id
  vpc_security_group_ids      = [aws_security_group.member.id]
  iam_instance_profile        = aws_iam_instance_profile.member.name
  source_dest_check           = false
  monitoring                  = local.later
  tags                        = { Name = "member-${each.key}" }
  lifecycle {
    create_before_destroy = true
    rolling {
      max_unavailable = 0
      max_surge       = 1
      health          = aws_lb_target_group.main
    }
  }
}
resource "aws_lb_target_group_attachment" "member" {
  for_each         = aws_instance.member
  target_group_arn = aws_lb_target_group.main.arn
  target_id        = each.value.id
  port             = 80
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_customer_gateway" "site" {
  type       = "ipsec.1"
  ip_address = local.anew ? "198.51.100.8" : "198.51.100.7"
  bgp_asn    = 65010
  tags       = { Name = "site" }
  lifecycle {
    create_before_destroy = true
  }
}
resource "aws_vpn_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = "sweep" }
}
resource "aws_vpn_gateway_route_propagation" "private" {
  vpn_gateway_id = aws_vpn_gateway.main.id
  route_table_id = aws_route_table.private.id
}
resource "aws_vpn_connection" "site" {
  type                  = "ipsec.1"
  customer_gateway_id   = aws_customer_gateway.site.id
  vpn_gateway_id        = aws_vpn_gateway.main.id
  static_routes_only    = true
  tunnel1_inside_cidr   = "169.254.10.0/30"
  tunnel2_inside_cidr   = "169.254.11.0/30"
  tunnel1_preshared_key = "sweep_Tunnel_one_1"
  tunnel2_preshared_key = "sweep_Tunnel_two_2"
  tags                  = { Name = "site" }
}
resource "aws_vpn_connection_route" "site" {
  vpn_connection_id      = aws_vpn_connection.site.id
  destination_cidr_block = "192.168.0.0/24"
}

resource "aws_db_subnet_group" "main" {
  name       = "sweep"
  subnet_ids = [for s in aws_subnet.public : s.id]
}
resource "aws_db_parameter_group" "main" {
  name   = "sweep"
  family = "postgres17"
  parameter {
    name  = "log_min_duration_statement"
    value = local.later ? "500" : "250"
  }
}
resource "aws_db_instance" "main" {
  identifier              = "sweep"
  snapshot_identifier     = "before"
  instance_class          = "db.t4g.micro"
  password                = local.later ? "battery-staple-2" : "battery-staple-1"
  backup_retention_period = local.later ? 3 : 2
  apply_immediately       = true
  skip_final_snapshot     = true
  db_subnet_group_name    = aws_db_subnet_group.main.name
  parameter_group_name    = aws_db_parameter_group.main.name
  vpc_security_group_ids  = [aws_security_group.data.id]
}
