# A web service whose members are a scaling group over two zones: one that dies is replaced by itself.

terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}

variable "instance_type" {
  description = "Size of the members"
  type        = string
  default     = "t3.small"
}

locals {
  zones = { eu-west-1a = 0, eu-west-1b = 1 }
}

module "network" {
  source     = "../../../network"
  name       = "shop"
  cidr_block = "10.66.0.0/16"
  zones      = local.zones
  nat        = "one"
}

resource "aws_acm_certificate" "this" {
  domain_name       = "shop.example.com"
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_zone" "this" {
  name = "example.com"
}

resource "aws_route53_record" "proof" {
  for_each = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }
  zone_id  = aws_route53_zone.this.zone_id
  name     = each.value.resource_record_name
  type     = each.value.resource_record_type
  records  = [each.value.resource_record_value]
  ttl      = 300
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

module "web" {
  source              = "../.."
  name                = "shop"
  vpc_id              = module.network.vpc_id
  balancer_subnet_ids = module.network.public_subnet_ids
  member_subnet_ids   = module.network.private_subnet_ids
  scaling             = { min = 2, max = 4, desired = 2 }
  instance_type       = var.instance_type
  certificate_arn     = aws_acm_certificate_validation.this.certificate_arn
  image_id            = nonsensitive(data.aws_ssm_parameter.image.value)
  deletion_protection = false
}

output "target_group_arn" {
  value = module.web.target_group_arn
}

output "balancer_arn" {
  value = module.web.balancer_arn
}

output "scaling_group_name" {
  value = module.web.scaling_group_name
}
