resource "aws_kms_key" "base" {
  description = "base"
}

# swept
resource "aws_ssm_parameter" "it" {
  name        = "/sweep/it"
  type        = "String"
  value       = "one"   # 1
  value       = "two"   # 2
  description = "first" # 1
  tags        = { Name = "one" } # 1
  tags        = { Name = "two" } # 2
}
resource "aws_ssm_parameter" "clear" {
  name            = "/sweep/clear"
  type            = "StringList"
  insecure_value  = "a,b"   # 1
  insecure_value  = "a,b,c" # 2
  tier            = "Advanced"
  allowed_pattern = "^[a-z,]+$"
}
resource "aws_ssm_parameter" "secret" {
  name   = "/sweep/secret"
  type   = "SecureString"
  key_id = aws_kms_key.base.id # 2
  value  = "sweepSecretOne"
}
resource "aws_ssm_parameter" "unread" {
  name             = "/sweep/unread"
  type             = "SecureString"
  value_wo         = "sweepSecretTwo"   # 1
  value_wo         = "sweepSecretThree" # 2
  value_wo_version = 1                  # 1
  value_wo_version = 2                  # 2
}
