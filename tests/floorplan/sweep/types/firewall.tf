resource "aws_vpc" "base" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "base" {
  count             = 2
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = "eu-west-1${["a", "b"][count.index]}"
}
resource "aws_cloudwatch_log_group" "base" {
  name = "base"
}
resource "aws_networkfirewall_firewall_policy" "base" {
  name = "base"
  firewall_policy {
    stateless_default_actions          = ["aws:pass"]
    stateless_fragment_default_actions = ["aws:drop"]
  }
}
resource "aws_networkfirewall_firewall" "base" {
  name                = "base"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.base.arn
  vpc_id              = aws_vpc.base.id
  subnet_mapping {
    subnet_id = aws_subnet.base[0].id
  }
}

# swept
resource "aws_networkfirewall_rule_group" "it" {
  name     = "it"
  type     = "STATEFUL"
  capacity = 100
  rule_group {
    rule_variables {
      ip_sets {
        key = "HOME"
        ip_set {
          definition = ["10.0.0.0/16"] # 1
          definition = ["10.1.0.0/16"] # 2
        }
      }
    }
    rules_source {
      rules_source_list {
        generated_rules_type = "DENYLIST"
        target_types         = ["HTTP_HOST"]
        targets              = ["bad.example.com"]
      }
    }
  }
  tags = { Name = "it" }
}
resource "aws_networkfirewall_firewall_policy" "it" {
  name = "it"
  firewall_policy {
    stateless_default_actions          = ["aws:pass"] # 1
    stateless_default_actions          = ["aws:drop"] # 2
    stateless_fragment_default_actions = ["aws:drop"]
    stateful_rule_group_reference {
      resource_arn = aws_networkfirewall_rule_group.it.arn
    }
  }
  tags = { Name = "it" }
}
resource "aws_networkfirewall_firewall" "it" {
  name                = "it"
  firewall_policy_arn = aws_networkfirewall_firewall_policy.it.arn
  vpc_id              = aws_vpc.base.id
  description         = "one" # 1
  description         = "two" # 2
  subnet_mapping {
    subnet_id = aws_subnet.base[0].id # 1
    subnet_id = aws_subnet.base[1].id # 2
  }
  tags = { Name = "it" }
}
resource "aws_networkfirewall_logging_configuration" "it" {
  firewall_arn = aws_networkfirewall_firewall.base.arn
  logging_configuration {
    log_destination_config {
      log_destination      = { logGroup = aws_cloudwatch_log_group.base.name }
      log_destination_type = "CloudWatchLogs"
      log_type             = "FLOW"
    }
    log_destination_config {                                                   # 2
      log_destination      = { logGroup = aws_cloudwatch_log_group.base.name } # 2
      log_destination_type = "CloudWatchLogs"                                  # 2
      log_type             = "ALERT"                                           # 2
    }                                                                          # 2
  }
}
resource "aws_networkfirewall_resource_policy" "it" {
  resource_arn = aws_networkfirewall_firewall_policy.base.arn
  policy       = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "network-firewall:ListFirewallPolicies", Resource = aws_networkfirewall_firewall_policy.base.arn }] })     # 1
  policy       = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "network-firewall:AssociateFirewallPolicy", Resource = aws_networkfirewall_firewall_policy.base.arn }] }) # 2
}
