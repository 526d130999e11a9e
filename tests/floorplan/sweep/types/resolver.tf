resource "aws_vpc" "base" {
  count      = 2
  cidr_block = "10.${count.index}.0.0/16"
}
resource "aws_subnet" "base" {
  count      = 2
  vpc_id     = aws_vpc.base[0].id
  cidr_block = "10.0.${count.index}.0/24"
}
resource "aws_security_group" "base" {
  name   = "base"
  vpc_id = aws_vpc.base[0].id
}
resource "aws_cloudwatch_log_group" "base" {
  name = "base"
}
resource "aws_route53_resolver_rule" "base" {
  name        = "base"
  domain_name = "base.example.com"
  rule_type   = "SYSTEM"
}
resource "aws_route53_resolver_query_log_config" "base" {
  name            = "base"
  destination_arn = aws_cloudwatch_log_group.base.arn
}
resource "aws_route53_resolver_firewall_domain_list" "base" {
  name = "base"
}
resource "aws_route53_resolver_firewall_rule_group" "base" {
  name = "base"
}

# swept
resource "aws_route53_resolver_config" "it" {
  resource_id              = aws_vpc.base[0].id
  autodefined_reverse_flag = "DISABLE" # 1
  autodefined_reverse_flag = "ENABLE"  # 2
}
resource "aws_route53_resolver_endpoint" "it" {
  name               = "one" # 1
  name               = "two" # 2
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.base.id]
  ip_address {
    subnet_id = aws_subnet.base[0].id
  }
  ip_address {
    subnet_id = aws_subnet.base[1].id
  }
  tags = { Name = "it" }
}
resource "aws_route53_resolver_rule" "it" {
  name                 = "one" # 1
  name                 = "two" # 2
  domain_name          = "it.example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.it.id
  target_ip {
    ip = "192.0.2.4"
  }
  tags = { Name = "it" }
}
resource "aws_route53_resolver_rule_association" "it" {
  name             = "it"
  resolver_rule_id = aws_route53_resolver_rule.base.id
  vpc_id           = aws_vpc.base[0].id
}
resource "aws_route53_resolver_query_log_config" "it" {
  name            = "it"
  destination_arn = aws_cloudwatch_log_group.base.arn
  tags            = { Name = "it" } # 1
  tags            = { Name = "he" } # 2
}
resource "aws_route53_resolver_query_log_config_association" "it" {
  resolver_query_log_config_id = aws_route53_resolver_query_log_config.base.id
  resource_id                  = aws_vpc.base[0].id
}
resource "aws_route53_resolver_firewall_domain_list" "it" {
  name    = "it"
  domains = ["one.example.com"]                    # 1
  domains = ["two.example.com", "x.example.com"]   # 2
}
resource "aws_route53_resolver_firewall_rule_group" "it" {
  name = "it"
  tags = { Name = "it" } # 1
  tags = { Name = "he" } # 2
}
resource "aws_route53_resolver_firewall_rule_group_association" "it" {
  name                   = "it"
  firewall_rule_group_id = aws_route53_resolver_firewall_rule_group.base.id
  vpc_id                 = aws_vpc.base[0].id
  priority               = 200 # 1
  priority               = 300 # 2
}
resource "aws_route53_resolver_firewall_rule" "it" {
  name                    = "it"
  action                  = "ALERT" # 1
  action                  = "ALLOW" # 2
  firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.base.id
  firewall_rule_group_id  = aws_route53_resolver_firewall_rule_group.base.id
  priority                = 100
}
