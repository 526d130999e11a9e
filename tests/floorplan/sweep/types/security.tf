resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
  tags       = { Name = "base" }
}
resource "aws_subnet" "base" {
  vpc_id     = aws_vpc.base.id
  cidr_block = "10.1.1.0/24"
  tags       = { Name = "base" }
}
resource "aws_security_group" "base" {
  name   = "base"
  vpc_id = aws_vpc.base.id
  tags   = { Name = "base" }
}
resource "aws_network_acl" "base" {
  vpc_id = aws_vpc.base.id
  tags   = { Name = "base" }
}
resource "aws_s3_bucket" "base" {
  bucket = "base-flow-logs"
}

# swept
resource "aws_security_group" "it" {
  name   = "it"
  vpc_id = aws_vpc.base.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]     # 1
    cidr_blocks = ["192.168.0.0/16"] # 2
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
  tags = { Name = "it" }
}
resource "aws_security_group_rule" "it" {
  security_group_id = aws_security_group.base.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["10.0.0.0/8"]
  description       = "one" # 1
  description       = "two" # 2
}
resource "aws_vpc_security_group_ingress_rule" "it" {
  security_group_id = aws_security_group.base.id
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80 # 1
  to_port           = 81 # 2
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_vpc_security_group_egress_rule" "it" {
  security_group_id = aws_security_group.base.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"     # 1
  cidr_ipv4         = "192.168.0.0/16" # 2
}
resource "aws_default_security_group" "it" {
  vpc_id = aws_vpc.base.id
  ingress {                          # 2
    protocol    = "tcp"              # 2
    from_port   = 443                # 2
    to_port     = 443                # 2
    cidr_blocks = ["10.0.0.0/8"]     # 2
  }                                  # 2
}
resource "aws_network_acl" "it" {
  vpc_id = aws_vpc.base.id
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 443
    to_port    = 443
    cidr_block = "10.0.0.0/8"     # 1
    cidr_block = "192.168.0.0/16" # 2
  }
  tags = { Name = "it" }
}
resource "aws_network_acl_rule" "it" {
  network_acl_id = aws_network_acl.base.id
  rule_number    = 110
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 80
  to_port        = 80 # 1
  to_port        = 81 # 2
  cidr_block     = "10.0.0.0/8"
}
resource "aws_network_acl_association" "it" {
  network_acl_id = aws_network_acl.base.id # 1
  network_acl_id = aws_network_acl.it.id   # 2
  subnet_id      = aws_subnet.base.id
}
resource "aws_default_network_acl" "it" {
  default_network_acl_id = aws_vpc.base.default_network_acl_id
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "10.0.0.0/8"     # 1
    cidr_block = "192.168.0.0/16" # 2
  }
}
resource "aws_flow_log" "it" {
  vpc_id               = aws_vpc.base.id
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = aws_s3_bucket.base.arn
  tags                 = { Name = "one" } # 1
  tags                 = { Name = "two" } # 2
}
