# A client's web service over three zones, as in layouts/ha-web, and the client's offices connected to it by
# site-to-site VPN. The offices query the database for their reports.

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
      layout = "hybrid"
    }
  }
}

locals {
  # A zone's number is its letter's, so that its ranges stay its own whichever other zones there are.
  zones = { for letter in ["a", "b", "c"] : "${var.region}${letter}" => index(split("", "abcdefghijklmnop"), letter) }
  image = var.image_id != null ? var.image_id : nonsensitive(data.aws_ssm_parameter.image.value)
}

module "network" {
  source            = "../../modules/network"
  name              = var.client
  cidr_block        = var.cidr_block
  zones             = local.zones
  tiers             = ["private", "data"]
  nat               = "per_zone"
  flow_logs         = "cloudwatch"
  gateway_endpoints = ["s3"]
  data_peers        = values(var.database_clients)
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

module "certificate" {
  source          = "../../modules/certificate"
  domain          = var.domain
  certificate_arn = var.certificate_arn
  zone_id         = var.zone_id
  target          = { dns_name = module.web.dns_name, zone_id = module.web.zone_id }
}

module "web" {
  source              = "../../modules/web"
  name                = var.client
  vpc_id              = module.network.vpc_id
  balancer_subnet_ids = module.network.public_subnet_ids
  member_subnet_ids   = module.network.private_subnet_ids
  members             = { for zone in keys(local.zones) : zone => var.members_per_zone }
  certificate_arn     = module.certificate.certificate_arn
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
  client_cidrs              = var.database_clients
  engine                    = var.database.engine
  engine_version            = var.database.engine_version
  parameter_group_family    = var.database.family
  instance_class            = var.database.instance_class
  storage                   = { size = var.database.storage }
  deletion_protection       = var.protected
  final_snapshot            = var.protected
  alarm_actions             = [module.monitoring.topic_arn]
}

# What the module has was the layout's own.
moved {
  from = aws_route53_zone.own
  to   = module.certificate.aws_route53_zone.own
}

moved {
  from = aws_acm_certificate.requested
  to   = module.certificate.aws_acm_certificate.requested
}

moved {
  from = aws_route53_record.proof
  to   = module.certificate.aws_route53_record.proof
}

moved {
  from = aws_acm_certificate_validation.requested
  to   = module.certificate.aws_acm_certificate_validation.requested
}

moved {
  from = aws_route53_record.service
  to   = module.certificate.aws_route53_record.service
}

# The rule for it was the layout's own.
moved {
  from = aws_vpc_security_group_egress_rule.queries
  to   = module.web.aws_vpc_security_group_egress_rule.database["main"]
}

module "vpn" {
  source          = "../../modules/vpn"
  name            = var.client
  sites           = var.sites
  vpc_id          = module.network.vpc_id
  route_table_ids = merge(module.network.private_route_table_ids, module.network.data_route_table_ids)
  alarm_actions   = [module.monitoring.topic_arn]
}
