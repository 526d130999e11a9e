# A balancer under a name of its own, in a zone that is made for it.

terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}

module "network" {
  source     = "../../../network"
  name       = "named"
  cidr_block = "10.66.0.0/16"
  zones      = { eu-west-1a = 0, eu-west-1b = 1 }
  nat        = "one"
}

resource "aws_lb" "this" {
  name    = "named"
  subnets = values(module.network.public_subnet_ids)
}

module "certificate" {
  source = "../.."
  domain = "shop.example.com"
  target = { dns_name = aws_lb.this.dns_name, zone_id = aws_lb.this.zone_id }
}

output "certificate_arn" {
  value = module.certificate.certificate_arn
}

output "zone_id" {
  value = module.certificate.zone_id
}
