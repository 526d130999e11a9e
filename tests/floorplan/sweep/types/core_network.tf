resource "aws_vpc" "base" {
  for_each   = { a = 1, b = 2 }
  cidr_block = "10.${each.value}.0.0/16"
}
resource "aws_subnet" "base" {
  for_each          = { a1 = "a", b1 = "a", a2 = "b" }
  vpc_id            = aws_vpc.base[each.value].id
  cidr_block        = cidrsubnet(aws_vpc.base[each.value].cidr_block, 8, each.key == "b1" ? 1 : 0)
  availability_zone = each.key == "b1" ? "eu-west-1b" : "eu-west-1a"
}

# swept
resource "aws_networkmanager_vpc_attachment" "it" {
  core_network_id      = "core-network-0123456789abcdef0"
  vpc_arn              = aws_vpc.base["a"].arn
  subnet_arns          = [aws_subnet.base["a1"].arn] # 1
  subnet_arns          = [aws_subnet.base["b1"].arn] # 2
  routing_policy_label = "red"  # 1
  routing_policy_label = "blue" # 2
  options { # 2
    appliance_mode_support = true # 2
  } # 2
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_networkmanager_vpc_attachment" "waiting" {
  core_network_id = "core-network-0123456789abcdef0"
  vpc_arn         = aws_vpc.base["b"].arn
  subnet_arns     = [aws_subnet.base["a2"].arn]
}
resource "aws_networkmanager_attachment_accepter" "it" {
  attachment_id   = aws_networkmanager_vpc_attachment.it.id
  attachment_type = "VPC"
}
resource "aws_servicequotas_service_quota" "it" {
  service_code = "vpc"
  quota_code   = "L-F678F1CE"
  value        = 7 # 1
  value        = 8 # 2
}
