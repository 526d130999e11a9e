terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}

module "network" {
  source     = "../../../network"
  name       = "vpn-example"
  cidr_block = "10.60.0.0/16"
  zones      = { eu-west-1a = 0, eu-west-1b = 1 }
}

variable "leeds" {
  description = "Address of the device in Leeds"
  type        = string
  default     = "203.0.113.10"
}

variable "keys" {
  description = "Pre-shared keys by site"
  type        = map(list(string))
  default     = {}
  sensitive   = true
}

module "vpn" {
  source          = "../.."
  name            = "vpn-example"
  vpc_id          = module.network.vpc_id
  route_table_ids = module.network.private_route_table_ids
  preshared_keys  = var.keys
  sites = {
    leeds = { ip = var.leeds, asn = 65010, inside_cidrs = ["169.254.60.0/30", "169.254.60.4/30"] }
    york  = { ip = "203.0.113.20", static_routes = ["10.70.0.0/16", "10.71.0.0/16"] }
  }
  tags = { client = "example" }
}

output "tunnel_addresses" {
  value = module.vpn.tunnel_addresses
}
