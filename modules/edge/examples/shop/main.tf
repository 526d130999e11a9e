# A web ACL with everything that the module knows, in front of a load balancer that is there already.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "load_balancer_arn" {
  description = "The Application Load Balancer"
  type        = string
}

variable "blocked_ranges" {
  description = "Who is kept out"
  type        = set(string)
  default     = ["198.51.100.0/24", "2001:db8:bad::/48"]
}

resource "aws_eip" "office" {
  domain = "vpc"
}

resource "aws_shield_subscription" "this" {
  skip_destroy = true
}

module "edge" {
  source             = "../.."
  name               = "shop"
  load_balancer_arns = { shop = var.load_balancer_arn }

  managed_rule_groups = {
    AWSManagedRulesCommonRuleSet = { priority = 10, count_rules = ["SizeRestrictions_BODY"] }
    AWSManagedRulesSQLiRuleSet   = { priority = 20, count_only = true }
  }

  rate_limit        = { requests = 2000 }
  blocked_countries = ["KP"]
  allowed_ranges    = ["192.0.2.0/24"]
  blocked_ranges    = var.blocked_ranges

  shield      = true
  shield_arns = { office = aws_eip.office.arn }
  tags        = { client = "shop" }

  depends_on = [aws_shield_subscription.this]
}

output "capacity" {
  value = module.edge.capacity
}
