# A PostgreSQL database that one security group may reach, with its standby in another zone.

terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}

variable "backup_days" {
  description = "How many days backups are kept"
  type        = number
  default     = 14
}

variable "slowest" {
  description = "Milliseconds from which on a query is logged"
  type        = number
  default     = 500
}

module "network" {
  source     = "../../../network"
  name       = "orders"
  cidr_block = "10.66.0.0/16"
  zones      = { eu-west-1a = 0, eu-west-1b = 1 }
  tiers      = ["data"]
}

resource "aws_security_group" "client" {
  name_prefix = "orders-client-"
  description = "Who may query"
  vpc_id      = module.network.vpc_id
}

resource "aws_sns_topic" "alarms" {
  name = "orders-alarms"
}

module "database" {
  source                    = "../.."
  name                      = "orders"
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.data_subnet_ids
  client_security_group_ids = { client = aws_security_group.client.id }
  engine_version            = "16"
  parameter_group_family    = "postgres16"
  parameters                = { log_min_duration_statement = { value = var.slowest } }
  backup_days               = var.backup_days
  alarm_actions             = [aws_sns_topic.alarms.arn]
  deletion_protection       = false
  final_snapshot            = false
}

output "secret_arn" {
  value = module.database.secret_arn
}
