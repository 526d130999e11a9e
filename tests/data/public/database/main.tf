variable "identifier" {
  type = string
}

variable "engine" {
  type    = string
  default = "postgres"
}

variable "engine_version" {
  type    = string
  default = null
}

variable "family" {
  type    = string
  default = null
}

variable "parameters" {
  type    = list(map(string))
  default = []
}

variable "multi_az" {
  type    = bool
  default = false
}

variable "subnet_group" {
  type    = string
  default = null
}

variable "vpc_security_group_ids" {
  type    = list(string)
  default = []
}

variable "create_monitoring_role" {
  type    = bool
  default = false
}

variable "snapshot_identifier" {
  type    = string
  default = null
}

variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  is_replica                = false
  final_snapshot_identifier = "final-${var.identifier}-${try(random_id.snapshot[0].hex, "")}"
  identifier                = var.identifier
}

resource "random_id" "snapshot" {
  count = 1

  keepers = {
    id = var.identifier
  }
  byte_length = 4
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "monitoring" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "monitoring" {
  count                = var.create_monitoring_role ? 1 : 0
  name_prefix          = "rds-monitoring-"
  assume_role_policy   = data.aws_iam_policy_document.monitoring.json
  description          = ""
  permissions_boundary = ""
  tags                 = merge({ "Name" = "monitoring" }, var.tags)
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  count      = var.create_monitoring_role ? 1 : 0
  role       = aws_iam_role.monitoring[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.identifier}-"
  description = "${var.identifier} parameter group"
  family      = var.family

  dynamic "parameter" {
    for_each = var.parameters
    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = lookup(parameter.value, "apply_method", null)
    }
  }
  tags = merge(var.tags, { "Name" = var.identifier })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier                            = local.identifier
  identifier_prefix                     = null
  engine                                = local.is_replica ? null : var.engine
  engine_version                        = var.engine_version
  instance_class                        = "db.t4g.large"
  allocated_storage                     = 20
  max_allocated_storage                 = 100
  storage_type                          = null
  storage_encrypted                     = true
  kms_key_id                            = null
  db_name                               = "complete"
  username                              = !local.is_replica ? "complete" : null
  manage_master_user_password           = true
  port                                  = 5432
  multi_az                              = var.multi_az
  db_subnet_group_name                  = var.subnet_group
  vpc_security_group_ids                = var.vpc_security_group_ids
  parameter_group_name                  = aws_db_parameter_group.this.id
  snapshot_identifier                   = var.snapshot_identifier
  skip_final_snapshot                   = true
  final_snapshot_identifier             = local.final_snapshot_identifier
  maintenance_window                    = "Mon:00:00-Mon:03:00"
  backup_window                         = "03:00-06:00"
  backup_retention_period               = 1
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  performance_insights_enabled          = true
  performance_insights_retention_period = 7
  monitoring_interval                   = var.create_monitoring_role ? 60 : 0
  monitoring_role_arn                   = var.create_monitoring_role ? aws_iam_role.monitoring[0].arn : null
  deletion_protection                   = false
  replicate_source_db                   = null
  timezone                              = null
  character_set_name                    = null
  tags                                  = var.tags

  dynamic "restore_to_point_in_time" {
    for_each = []
    content {
      restore_time = restore_to_point_in_time.value
    }
  }

  lifecycle {
    ignore_changes = [snapshot_identifier, replicate_source_db]
  }

  timeouts {
    create = "40m"
    delete = try("60m", null)
  }
}

output "endpoint" {
  value = aws_db_instance.this.endpoint
}

output "master_user_secret_arn" {
  value = try(aws_db_instance.this.master_user_secret[0].secret_arn, null)
}
