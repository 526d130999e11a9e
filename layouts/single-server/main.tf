# A small client: one server with a fixed address and one database. Both are single points of failure, and the
# layout says when they may be interrupted.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = {
      client = var.client
      layout = "single-server"
    }
  }
}

locals {
  # A zone's number is its letter's, so that its ranges stay its own whichever other zones there are.
  zones = { for letter in ["a", "b"] : "${var.region}${letter}" => index(split("", "abcdefghijklmnop"), letter) }
  first = "${var.region}a"
  image = var.image_id != null ? var.image_id : nonsensitive(data.aws_ssm_parameter.image.value)
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

data "aws_ami" "image" {
  owners = ["amazon"]
  filter {
    name   = "image-id"
    values = [local.image]
  }
}

module "network" {
  source     = "../../modules/network"
  name       = var.client
  cidr_block = var.cidr_block
  zones      = local.zones
  tiers      = ["data"]
}

resource "aws_security_group" "server" {
  name_prefix = "${var.client}-server-"
  description = "The server"
  vpc_id      = module.network.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each          = var.sources
  security_group_id = aws_security_group.server.id
  description       = "HTTPS"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.server.id
  description       = "Packages, APIs, queries"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

module "server" {
  source             = "../../modules/server"
  name               = var.client
  single             = true
  replace_on_change  = true
  ami_id             = local.image
  instance_type      = var.instance_type
  subnet_id          = module.network.public_subnet_ids[local.first]
  security_group_ids = [aws_security_group.server.id]
  root_volume        = { device = data.aws_ami.image.root_device_name, size = 20 }
}

resource "aws_eip" "server" {
  domain = "vpc"
  tags   = { Name = var.client }
}

resource "aws_eip_association" "server" {
  allocation_id = aws_eip.server.id
  instance_id   = module.server.instance_id
}

module "database" {
  source                    = "../../modules/database"
  name                      = var.client
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.data_subnet_ids
  client_security_group_ids = { server = aws_security_group.server.id }
  engine                    = "mariadb"
  engine_version            = "10.11"
  parameter_group_family    = "mariadb10.11"
  instance_class            = "db.t4g.small"
  multi_az                  = false
  deletion_protection       = var.protected
  final_snapshot            = var.protected
}
