# A web service over two zones: a balancer that speaks HTTPS in public subnets, members in private ones.

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
      layout = "web-service"
    }
  }
}

locals {
  # A zone's number is its letter's, so that its ranges stay its own whichever other zones there are.
  zones = { for letter in ["a", "b"] : "${var.region}${letter}" => index(split("", "abcdefghijklmnop"), letter) }
}

module "network" {
  source     = "../../modules/network"
  name       = var.name
  cidr_block = var.cidr_block
  zones      = local.zones
  nat        = "per_zone"
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

module "web" {
  source              = "../../modules/web"
  name                = var.name
  vpc_id              = module.network.vpc_id
  balancer_subnet_ids = module.network.public_subnet_ids
  member_subnet_ids   = module.network.private_subnet_ids
  members             = { for zone in keys(local.zones) : zone => var.members_per_zone }
  certificate_arn     = var.certificate_arn
  image_id            = nonsensitive(data.aws_ssm_parameter.image.value)
  deletion_protection = var.deletion_protection
}

output "dns_name" {
  description = "Where clients find the service"
  value       = module.web.dns_name
}

output "balancer_arn" {
  description = "The balancer, for a WAF association"
  value       = module.web.balancer_arn
}
