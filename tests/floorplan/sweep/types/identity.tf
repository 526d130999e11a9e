resource "aws_iam_role" "base" {
  name               = "base"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_user" "base" {
  name = "base"
}
resource "aws_iam_group" "base" {
  name = "base"
}
resource "aws_iam_policy" "base" {
  name   = "base"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:ListBucket", Resource = "*" }] })
}
resource "aws_kms_key" "base" {
  description = "base"
}
resource "aws_secretsmanager_secret" "base" {
  name                    = "base"
  recovery_window_in_days = 0
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
resource "aws_iam_user" "it" {
  name = "it"
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_iam_user_policy" "it" {
  name   = "it"
  user   = aws_iam_user.base.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] }) # 1
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }] }) # 2
}
resource "aws_iam_user_policy_attachment" "it" {
  user       = aws_iam_user.base.name
  policy_arn = aws_iam_policy.it.arn
}
resource "aws_iam_group" "it" {
  name = "it"
  path = "/one/" # 1
  path = "/two/" # 2
}
resource "aws_iam_group_membership" "it" {
  name  = "it"
  group = aws_iam_group.base.name
  users = [aws_iam_user.base.name]                       # 1
  users = [aws_iam_user.base.name, aws_iam_user.it.name] # 2
}
resource "aws_iam_group_policy_attachment" "it" {
  group      = aws_iam_group.base.name
  policy_arn = aws_iam_policy.it.arn
}
resource "aws_iam_policy_attachment" "it" {
  name       = "it"
  policy_arn = aws_iam_policy.base.arn
  users      = [aws_iam_user.base.name]
  groups     = []                        # 1
  groups     = [aws_iam_group.base.name] # 2
}
resource "aws_iam_account_password_policy" "it" {
  minimum_password_length = 12 # 1
  minimum_password_length = 14 # 2
}
resource "aws_iam_openid_connect_provider" "it" {
  url             = "https://token.example.com"
  client_id_list  = ["sts.amazonaws.com"]        # 1
  client_id_list  = ["sts.amazonaws.com", "web"] # 2
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}
resource "aws_iam_saml_provider" "it" {
  name                   = "it"
  saml_metadata_document = join("", [for i in range(1000) : "a"]) # 1
  saml_metadata_document = join("", [for i in range(1000) : "b"]) # 2
}
resource "aws_iam_service_linked_role" "it" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "it"
  description      = "one" # 1
  description      = "two" # 2
}
resource "aws_kms_grant" "it" {
  name              = "it"
  key_id            = aws_kms_key.base.key_id
  grantee_principal = aws_iam_role.base.arn
  operations        = ["Decrypt"]
  retire_on_delete  = false # 1
  retire_on_delete  = true  # 2
}
resource "aws_kms_key_policy" "it" {
  key_id = aws_kms_key.base.key_id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" }] })       # 1
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:Encrypt", Resource = "*" }] }) # 2
}
resource "aws_secretsmanager_secret_policy" "it" {
  secret_arn = aws_secretsmanager_secret.base.arn
  policy     = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ecs.amazonaws.com" }, Action = "secretsmanager:GetSecretValue", Resource = "*" }] })  # 1
  policy     = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ecs.amazonaws.com" }, Action = "secretsmanager:DescribeSecret", Resource = "*" }] }) # 2
}
resource "aws_secretsmanager_secret_rotation" "it" {
  secret_id           = aws_secretsmanager_secret.base.id
  rotation_lambda_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rotate"
  rotation_rules {
    automatically_after_days = 30 # 1
    automatically_after_days = 60 # 2
  }
}
