locals {
  port = var.engine == "postgres" ? 5432 : 3306

  # What is watched, and when it is too much or too little.
  alarms = {
    cpu         = { metric = "CPUUtilization", comparison = "GreaterThanThreshold", threshold = 90, periods = 3 }
    storage     = { metric = "FreeStorageSpace", comparison = "LessThanThreshold", threshold = 2 * pow(1024, 3), periods = 1 }
    memory      = { metric = "FreeableMemory", comparison = "LessThanThreshold", threshold = 100 * pow(1024, 2), periods = 3 }
    connections = { metric = "DatabaseConnections", comparison = "GreaterThanThreshold", threshold = 200, periods = 3 }
  }
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = values(var.subnet_ids)
  tags       = merge(var.tags, { Name = var.name })
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = var.parameter_group_family
  tags        = merge(var.tags, { Name = var.name })

  dynamic "parameter" {
    for_each = var.parameters
    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-database-"
  description = "Database ${var.name}"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-database" })

  lifecycle {
    create_before_destroy = true
  }
}

# Nobody reaches the database but those that are named, and it reaches nobody.
resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each                     = var.client_security_group_ids
  security_group_id            = aws_security_group.this.id
  description                  = "Queries of ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_ingress_rule" "range" {
  for_each          = var.client_cidrs
  security_group_id = aws_security_group.this.id
  description       = "Queries of ${each.key}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.port
  to_port           = local.port
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = var.engine
  engine_version = var.engine_version
  instance_class = var.instance_class
  port           = local.port

  allocated_storage     = var.storage.size
  max_allocated_storage = var.storage.most
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = var.kms_key_id

  # RDS makes the password and keeps it in Secrets Manager: it is in no layout and no state.
  username                      = "administrator"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = var.kms_key_id

  multi_az               = var.multi_az
  publicly_accessible    = false
  db_subnet_group_name   = aws_db_subnet_group.this.name
  parameter_group_name   = aws_db_parameter_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]

  backup_retention_period   = var.backup_days
  backup_window             = var.backup_window
  maintenance_window        = var.maintenance_window
  copy_tags_to_snapshot     = true
  apply_immediately         = var.apply_immediately
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.final_snapshot
  final_snapshot_identifier = var.final_snapshot ? "${var.name}-last" : null

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-database-${each.key}"
  alarm_description   = "Database ${var.name}: ${each.value.metric}"
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  dimensions          = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  statistic           = "Average"
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = each.value.periods
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}
