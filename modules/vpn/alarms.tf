locals {
  watched = var.alarms ? var.sites : {}
  tunnels = merge([
    for name in keys(local.watched) : { for n in [1, 2] : "${name}-${n}" => { site = name, number = n } }
  ]...)
}

# One tunnel is down: traffic takes the other one, and nothing is left if that goes too.
resource "aws_cloudwatch_metric_alarm" "tunnel" {
  for_each            = local.tunnels
  alarm_name          = "${var.name}-${each.value.site}-tunnel${each.value.number}-down"
  alarm_description   = "Tunnel ${each.value.number} to ${each.value.site} is down; the other one carries the traffic"
  namespace           = "AWS/VPN"
  metric_name         = "TunnelState"
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags

  dimensions = {
    VpnId           = aws_vpn_connection.this[each.value.site].id
    TunnelIpAddress = each.value.number == 1 ? aws_vpn_connection.this[each.value.site].tunnel1_address : aws_vpn_connection.this[each.value.site].tunnel2_address
  }
}

# Both are: the site is cut off.
resource "aws_cloudwatch_metric_alarm" "site" {
  for_each            = local.watched
  alarm_name          = "${var.name}-${each.key}-down"
  alarm_description   = "Both tunnels to ${each.key} are down; the site is cut off"
  namespace           = "AWS/VPN"
  metric_name         = "TunnelState"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags

  dimensions = {
    VpnId = aws_vpn_connection.this[each.key].id
  }
}
