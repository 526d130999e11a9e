# A network with all that the module offers. Adding a zone moves nothing in the others.

terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}

variable "zones" {
  description = "Availability Zones by name, each with its number"
  type        = map(number)
  default     = { eu-west-1a = 0, eu-west-1b = 1 }
}

module "network" {
  source            = "../.."
  name              = "zones"
  cidr_block        = "10.64.0.0/16"
  zones             = var.zones
  tiers             = ["private", "data"]
  nat               = "per_zone"
  flow_logs         = "cloudwatch"
  gateway_endpoints = ["s3", "dynamodb"]
}

output "private_subnet_ids" {
  value = module.network.private_subnet_ids
}

output "default_security_group_id" {
  value = module.network.default_security_group_id
}
