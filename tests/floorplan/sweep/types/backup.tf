resource "aws_iam_role" "base" {
  name               = "base"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "backup.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_sns_topic" "base" {
  name = "base"
}
resource "aws_backup_vault" "base" {
  name = "base"
}
resource "aws_backup_plan" "base" {
  name = "base"
  rule {
    rule_name         = "base"
    target_vault_name = aws_backup_vault.base.name
    schedule          = "cron(0 5 ? * * *)"
  }
}

# swept
resource "aws_backup_vault" "it" {
  name = "it"
  tags = { Name = "it" } # 1
  tags = { Name = "he" } # 2
}
resource "aws_backup_vault_lock_configuration" "it" {
  backup_vault_name  = aws_backup_vault.base.name
  min_retention_days = 7
}
resource "aws_backup_vault_notifications" "it" {
  backup_vault_name   = aws_backup_vault.base.name
  sns_topic_arn       = aws_sns_topic.base.arn
  backup_vault_events = ["BACKUP_JOB_STARTED"]   # 1
  backup_vault_events = ["BACKUP_JOB_COMPLETED"] # 2
}
resource "aws_backup_vault_policy" "it" {
  backup_vault_name = aws_backup_vault.base.name
  policy            = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "backup:DescribeBackupVault", Resource = "*" }] }) # 1
  policy            = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "backup:StartBackupJob", Resource = "*" }] })      # 2
}
resource "aws_backup_plan" "it" {
  name = "it"
  rule {
    rule_name         = "it"
    target_vault_name = aws_backup_vault.base.name
    schedule          = "cron(0 5 ? * * *)" # 1
    schedule          = "cron(0 6 ? * * *)" # 2
    lifecycle {
      delete_after = 14
    }
  }
  tags = { Name = "it" }
}
resource "aws_backup_selection" "it" {
  name         = "it"
  iam_role_arn = aws_iam_role.base.arn
  plan_id      = aws_backup_plan.base.id
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "Backup"
    value = "yes"
  }
}
