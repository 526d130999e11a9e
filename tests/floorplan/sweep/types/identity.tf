resource "aws_iam_role" "base" {
  name               = "base"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

# swept
resource "aws_iam_role" "it" {
  name               = "it"
  description        = "one" # 1
  description        = "two" # 2
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
  tags               = { Name = "it" }
}
resource "aws_iam_role_policy" "it" {
  name   = "it"
  role   = aws_iam_role.base.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] }) # 1
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }] }) # 2
}
resource "aws_iam_policy" "it" {
  name   = "it"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] }) # 1
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }] }) # 2
  tags   = { Name = "it" }
}
resource "aws_iam_role_policy_attachment" "it" {
  role       = aws_iam_role.base.name
  policy_arn = aws_iam_policy.it.arn
}
resource "aws_iam_instance_profile" "it" {
  name = "it"
  role = aws_iam_role.base.name
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_kms_key" "it" {
  description         = "one" # 1
  description         = "two" # 2
  enable_key_rotation = false # 1
  enable_key_rotation = true  # 2
  tags                = { Name = "it" }
}
resource "aws_kms_key" "other" {
  description = "other"
}
resource "aws_kms_alias" "it" {
  name          = "alias/it"
  target_key_id = aws_kms_key.it.key_id    # 1
  target_key_id = aws_kms_key.other.key_id # 2
}
resource "aws_secretsmanager_secret" "it" {
  name                    = "it"
  description             = "one" # 1
  description             = "two" # 2
  recovery_window_in_days = 0
  tags                    = { Name = "it" }
}
resource "aws_secretsmanager_secret_version" "it" {
  secret_id     = aws_secretsmanager_secret.it.id
  secret_string = "battery-staple-5" # 1
  secret_string = "battery-staple-6" # 2
}
