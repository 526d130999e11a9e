resource "aws_vpc" "base" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_security_group" "one" {
  name   = "one"
  vpc_id = aws_vpc.base.id
}
resource "aws_security_group" "two" {
  name   = "two"
  vpc_id = aws_vpc.base.id
}
resource "aws_vpclattice_service_network" "base" {
  name = "base"
}

# swept
resource "aws_vpclattice_service_network" "it" {
  name      = "it"
  auth_type = "NONE"    # 1
  auth_type = "AWS_IAM" # 2
  tags      = { Name = "it" } # 1
  tags      = { Name = "he" } # 2
}
resource "aws_vpclattice_service_network_vpc_association" "it" {
  service_network_identifier = aws_vpclattice_service_network.base.arn
  vpc_identifier             = aws_vpc.base.id
  security_group_ids         = [aws_security_group.one.id] # 1
  security_group_ids         = [aws_security_group.two.id] # 2
  tags                       = { Name = "it" }
}
resource "aws_s3_account_public_access_block" "it" {
  block_public_acls   = true
  ignore_public_acls  = true  # 1
  ignore_public_acls  = false # 2
  block_public_policy = true  # 2
}
