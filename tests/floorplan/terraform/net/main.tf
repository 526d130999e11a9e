terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Owner = "platform" }
  }
}

provider "aws" {
  alias  = "dr"
  region = "eu-central-1"
}

variable "password" {
  type      = string
  sensitive = true
  default   = "hunter2hunter2"
}

locals {
  zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  names = toset(["web", "app"])
}

module "network" {
  source   = "./network"
  for_each = { blue = "10.10.0.0/16", green = "10.20.0.0/16" }
  name     = each.key
  cidr     = each.value
  zones    = local.zones
}

module "recovery" {
  source    = "./network"
  name      = "recovery"
  cidr      = "10.30.0.0/16"
  zones     = ["eu-central-1a", "eu-central-1b"]
  providers = { aws = aws.dr }
}

# Rules in the block, rules of their own, and rules of the older kind.
resource "aws_security_group" "inline" {
  name   = "inline"
  vpc_id = module.network["blue"].vpc_id
  ingress {
    description = "https"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "each" {
  for_each    = local.names
  name_prefix = "${each.key}-"
  description = "The ${each.key} servers"
  vpc_id      = module.network["blue"].vpc_id
  tags        = { Tier = each.key }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group_rule" "web" {
  for_each          = { http = 80, https = 443 }
  type              = "ingress"
  protocol          = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_blocks       = ["10.0.0.0/8", "192.168.0.0/16"]
  security_group_id = aws_security_group.each["web"].id
}

resource "aws_security_group_rule" "out" {
  type                     = "egress"
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
  source_security_group_id = aws_security_group.each["app"].id
  security_group_id        = aws_security_group.each["web"].id
}

resource "aws_vpc_security_group_ingress_rule" "app" {
  count                        = 2
  security_group_id            = aws_security_group.each["app"].id
  referenced_security_group_id = aws_security_group.each["web"].id
  from_port                    = 8080 + count.index
  to_port                      = 8080 + count.index
  ip_protocol                  = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id = aws_security_group.each["app"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_network_acl" "private" {
  vpc_id     = module.network["green"].vpc_id
  subnet_ids = module.network["green"].subnet_ids
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 443
    to_port    = 443
    cidr_block = "10.0.0.0/8"
  }
}

resource "aws_network_acl_rule" "out" {
  network_acl_id = aws_network_acl.private.id
  rule_number    = 200
  egress         = true
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}

resource "aws_db_subnet_group" "orders" {
  name       = "orders"
  subnet_ids = module.network["blue"].subnet_ids
}

resource "aws_db_instance" "orders" {
  identifier             = "orders"
  engine                 = "postgres"
  engine_version         = "16.3"
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  username               = "orders"
  password               = var.password
  db_subnet_group_name   = aws_db_subnet_group.orders.name
  vpc_security_group_ids = [aws_security_group.each["app"].id]
  multi_az               = true
  skip_final_snapshot    = true
}

resource "aws_iam_role" "server" {
  name = "server"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "logs" {
  name   = "logs"
  role   = aws_iam_role.server.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "logs:*", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "ssm" {
  role       = aws_iam_role.server.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "server" {
  name = "server"
  role = aws_iam_role.server.name
}

resource "terraform_data" "release" {
  input            = { version = "1.2.3", zones = local.zones }
  triggers_replace = [var.password]
}

data "aws_caller_identity" "current" {}

output "vpcs" {
  value = { for name, network in module.network : name => network.vpc_id }
}

output "account" {
  value = data.aws_caller_identity.current.account_id
}

output "password" {
  value     = var.password
  sensitive = true
}

resource "aws_eip" "spare" {
  count  = 8
  domain = "vpc"
}
