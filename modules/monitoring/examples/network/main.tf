terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}

variable "databases" {
  description = "Identifiers of databases by name"
  type        = map(string)
  default     = { orders = "orders-prod" }
}

module "network" {
  source     = "../../../network"
  name       = "watched"
  cidr_block = "10.61.0.0/16"
  zones      = { eu-west-1a = 0, eu-west-1b = 1 }
  nat        = "one"
  flow_logs  = "cloudwatch"
}

module "monitoring" {
  source         = "../.."
  name           = "watched"
  databases      = var.databases
  nat_gateways   = module.network.nat_gateway_ids
  load_balancers = { web = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188" }
  target_groups = {
    web = {
      arn           = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067"
      load_balancer = "web"
    }
  }
  vpn_connections = { leeds = "vpn-0123456789abcdef0" }
  instances       = { bastion = "i-0123456789abcdef0" }
  subscriptions = {
    duty = { protocol = "email", endpoint = "duty@example.com" }
    desk = { protocol = "sqs", endpoint = "arn:aws:sqs:eu-west-1:123456789012:alarms" }
  }
  tags = { client = "example" }
}

output "alarm_names" {
  value = module.monitoring.alarm_names
}
