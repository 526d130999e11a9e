# One small VPC over two zones, to see what Floorplan does:
#
#   cargo run -- apply layouts/quickstart --sandbox --auto-approve

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
      layout = "quickstart"
    }
  }
}

variable "region" {
  description = "Where the network is built"
  type        = string
  default     = "eu-west-1"
}

variable "cidr_block" {
  description = "The network's range"
  type        = string
  default     = "10.20.0.0/16"
}

data "aws_availability_zones" "available" {
  state = "available"
}

locals {
  # A zone's number is its letter's, so that its ranges stay its own whichever other zones there are.
  zones = { for name in slice(data.aws_availability_zones.available.names, 0, 2) : name => index(split("", "abcdefghijklmnop"), substr(name, -1, 1)) }
}

module "network" {
  source     = "../../modules/network"
  name       = "quickstart"
  cidr_block = var.cidr_block
  zones      = local.zones
}

resource "aws_security_group" "web" {
  name        = "quickstart-web"
  description = "HTTPS from anywhere"
  vpc_id      = module.network.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.web.id
  description       = "HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

output "vpc_id" {
  description = "The VPC"
  value       = module.network.vpc_id
}

output "public_subnet_ids" {
  description = "Public subnets by zone"
  value       = module.network.public_subnet_ids
}

output "web_security_group_id" {
  description = "For what serves HTTPS"
  value       = aws_security_group.web.id
}
