provider "aws" {
  region = local.region
}

data "aws_availability_zones" "available" {
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

data "aws_ami" "amazon_linux" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2*-x86_64"]
  }
}

locals {
  region = "eu-west-1"
  name   = "ex-${basename(path.cwd)}"
  cidr   = "10.60.0.0/16"
  azs    = slice(data.aws_availability_zones.available.names, 0, 2)
  tags = {
    Name    = local.name
    Example = local.name
  }
}

module "vpc" {
  source  = "REGISTRY/acme/vpc/aws"
  version = "~> 6.0"

  name               = local.name
  cidr               = local.cidr
  azs                = local.azs
  public_subnets     = [for k, v in local.azs : cidrsubnet(local.cidr, 8, k)]
  private_subnets    = [for k, v in local.azs : cidrsubnet(local.cidr, 8, k + 3)]
  database_subnets   = [for k, v in local.azs : cidrsubnet(local.cidr, 8, k + 6)]
  enable_vpn_gateway = true
  tags               = merge(local.tags, { Owner = null })
}

module "web" {
  source = "GROUPS"

  name                = "${local.name}-web"
  vpc_id              = module.vpc.vpc_id
  ingress_cidr_blocks = [local.cidr]
  ingress_rules       = ["https-443-tcp"]
}

module "postgres" {
  source = "GROUPS"

  name   = "${local.name}-postgres"
  vpc_id = module.vpc.vpc_id
  ingress_with_source_security_group_id = [
    { rule = "postgresql-tcp", source_security_group_id = module.web.security_group_id },
    { from_port = 5433, to_port = 5433, protocol = "tcp", source_security_group_id = module.web.security_group_id },
  ]
}

module "alb" {
  source = "REGISTRY/acme/parts/aws//balancer"

  name            = local.name
  vpc_id          = module.vpc.vpc_id
  subnets         = module.vpc.private_subnets
  security_groups = [module.web.security_group_id]
  listeners = {
    plain = {
      port           = 443
      protocol       = "HTTP"
      fixed_response = { content_type = "text/plain", message_body = "none", status_code = "404" }
      rules = {
        site = {
          priority   = 10
          actions    = [{ type = "forward", target_group_key = "fleet" }]
          conditions = [{ path_pattern = { values = ["/site/*"] } }]
        }
      }
    }
  }
  target_groups = {
    fleet = {
      name_prefix          = "h1"
      port                 = 80
      deregistration_delay = 10
      health_check         = { enabled = true, interval = 30, path = "/healthz", matcher = "200-399" }
      stickiness           = { type = "lb_cookie", enabled = true, cookie_duration = 60 }
    }
  }
  tags = local.tags
}

module "fleet" {
  source = "REGISTRY/acme/parts/aws//fleet"

  name            = local.name
  subnets         = module.vpc.private_subnets
  security_groups = [module.web.security_group_id]
  image_id        = data.aws_ami.amazon_linux.id
  sizes           = { min = 1, max = 2, desired = 1 }
  traffic_source_attachments = {
    alb = { traffic_source_identifier = module.alb.target_groups["fleet"].arn }
  }
  schedules = {
    night = { min_size = 0, max_size = 0, desired_capacity = 0, recurrence = "0 18 * * 1-5", time_zone = "Europe/Rome" }
  }
  scaling_policies = {
    avg-cpu-policy-greater-than-50 = {
      policy_type                   = "TargetTrackingScaling"
      estimated_instance_warmup     = 1200
      target_tracking_configuration = { predefined_metric_specification = { predefined_metric_type = "ASGAverageCPUUtilization" }, target_value = 50.0 }
    }
  }
  tags = local.tags
}

module "database" {
  source = "REGISTRY/acme/parts/aws//database"

  identifier             = local.name
  engine_version         = "16"
  family                 = "postgres16"
  parameters             = [{ name = "autovacuum", value = 1 }, { name = "client_encoding", value = "utf8" }]
  multi_az               = true
  subnet_group           = module.vpc.database_subnet_group
  vpc_security_group_ids = [module.postgres.security_group_id]
  create_monitoring_role = true
  tags                   = local.tags
}

# As modules of site-to-site VPN do it: the gateway of the VPC, attached once more.
resource "aws_customer_gateway" "main" {
  bgp_asn    = 65220
  ip_address = "172.83.124.10"
  type       = "ipsec.1"
}

resource "aws_vpn_connection" "main" {
  vpn_gateway_id      = module.vpc.vgw_id
  customer_gateway_id = aws_customer_gateway.main.id
  type                = aws_customer_gateway.main.type
  static_routes_only  = true
}

resource "aws_vpn_gateway_attachment" "main" {
  vpc_id         = module.vpc.vpc_id
  vpn_gateway_id = module.vpc.vgw_id
}

resource "aws_vpn_connection_route" "main" {
  for_each               = toset(["10.50.0.0/16", "10.51.0.0/16"])
  vpn_connection_id      = aws_vpn_connection.main.id
  destination_cidr_block = each.key
}

output "vpc_id" {
  value = module.vpc.vpc_id
}

output "has_access_logs" {
  value = module.alb.has_access_logs
}

output "target_group" {
  value = module.alb.target_groups["fleet"].health_check[0].path
}

output "group" {
  value = module.fleet.group_name
}

output "tunnel" {
  value = nonsensitive(length(aws_vpn_connection.main.tunnel1_preshared_key)) > 0
}
