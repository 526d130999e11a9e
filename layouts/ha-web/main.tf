# A client's web service over three zones: a balancer with TLS behind a web ACL, a member in each zone, a
# Multi-AZ database, a NAT gateway per zone, alarms. Everything in it can be changed without an outage.

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
      layout = "ha-web"
    }
  }
}

locals {
  # A zone's number is its letter's, so that its ranges stay its own whichever other zones there are.
  zones       = { for letter in ["a", "b", "c"] : "${var.region}${letter}" => index(split("", "abcdefghijklmnop"), letter) }
  certificate = coalesce(var.certificate_arn, one(aws_acm_certificate_validation.requested[*].certificate_arn))
  makes_zone  = var.zone_id == null && var.certificate_arn == null
  zone_id     = local.makes_zone ? one(aws_route53_zone.own[*].zone_id) : var.zone_id
  image       = var.image_id != null ? var.image_id : nonsensitive(data.aws_ssm_parameter.image.value)
}

module "network" {
  source            = "../../modules/network"
  name              = var.client
  cidr_block        = var.cidr_block
  zones             = local.zones
  tiers             = ["private", "data"]
  nat               = "per_zone"
  gateway_endpoints = ["s3"]
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_route53_zone" "own" {
  count = local.makes_zone ? 1 : 0
  name  = regex("^[^.]+[.](.+)$", var.domain)[0]
}

resource "aws_acm_certificate" "requested" {
  count             = var.certificate_arn == null ? 1 : 0
  domain_name       = var.domain
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# What proves the domain to be the client's. A listener takes no certificate before it is issued.
resource "aws_route53_record" "proof" {
  for_each        = merge({}, [for certificate in aws_acm_certificate.requested : { for option in certificate.domain_validation_options : option.domain_name => option }]...)
  zone_id         = local.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "requested" {
  count                   = var.certificate_arn == null ? 1 : 0
  certificate_arn         = aws_acm_certificate.requested[0].arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

# Where clients find the service.
resource "aws_route53_record" "service" {
  count   = local.makes_zone || var.zone_id != null ? 1 : 0
  zone_id = local.zone_id
  name    = var.domain
  type    = "A"
  alias {
    name                   = module.web.dns_name
    zone_id                = module.web.zone_id
    evaluate_target_health = true
  }
}

module "web" {
  source              = "../../modules/web"
  name                = var.client
  vpc_id              = module.network.vpc_id
  balancer_subnet_ids = module.network.public_subnet_ids
  member_subnet_ids   = module.network.private_subnet_ids
  members             = { for zone in keys(local.zones) : zone => var.members_per_zone }
  certificate_arn     = local.certificate
  image_id            = local.image
  databases           = { main = { security_group_id = module.database.security_group_id, port = module.database.port } }
  deletion_protection = var.protected
}

# What only the client's own people need is not shown to the Internet.
resource "aws_lb_listener_rule" "hidden" {
  listener_arn = module.web.https_listener_arn
  priority     = 10

  condition {
    path_pattern {
      values = ["/admin/*"]
    }
  }

  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
      message_body = "Not found"
    }
  }
}

module "edge" {
  source             = "../../modules/edge"
  name               = var.client
  rate_limit         = { requests = 2000 }
  load_balancer_arns = { web = module.web.balancer_arn }
}

module "monitoring" {
  source         = "../../modules/monitoring"
  name           = var.client
  subscriptions  = { for address in var.alarm_addresses : address => { protocol = "email", endpoint = address } }
  load_balancers = { web = module.web.balancer_arn }
  target_groups  = { web = { arn = module.web.target_group_arn, load_balancer = "web" } }
  nat_gateways   = module.network.nat_gateway_ids
  instances      = module.web.member_ids
}

module "database" {
  source                    = "../../modules/database"
  name                      = var.client
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.data_subnet_ids
  client_security_group_ids = { web = module.web.member_security_group_id }
  engine                    = var.database.engine
  engine_version            = var.database.engine_version
  parameter_group_family    = var.database.family
  instance_class            = var.database.instance_class
  storage                   = { size = var.database.storage }
  deletion_protection       = var.protected
  final_snapshot            = var.protected
  alarm_actions             = [module.monitoring.topic_arn]
}

# The rule for it was the layout's own.
moved {
  from = aws_vpc_security_group_egress_rule.queries
  to   = module.web.aws_vpc_security_group_egress_rule.database["main"]
}
