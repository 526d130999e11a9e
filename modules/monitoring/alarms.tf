locals {
  gib = 1024 * 1024 * 1024

  # CloudWatch knows balancers and target groups by the end of their ARNs.
  balancers = { for name, arn in var.load_balancers : name => trimprefix(element(split(":", arn), 5), "loadbalancer/") }
  groups = {
    for name, group in var.target_groups : name => {
      group    = element(split(":", group.arn), 5)
      balancer = local.balancers[group.load_balancer]
    }
  }

  database_alarms = merge([
    for name, id in var.databases : {
      "database-${name}-cpu" = {
        description = "The database ${name} is busy", namespace = "AWS/RDS", metric = "CPUUtilization"
        dimensions  = { DBInstanceIdentifier = id }, statistic = "Average", period = 300, periods = 3
        comparison  = "GreaterThanThreshold", threshold = var.thresholds.database_cpu, missing = "missing"
      }
      "database-${name}-storage" = {
        description = "The database ${name} is running out of storage", namespace = "AWS/RDS", metric = "FreeStorageSpace"
        dimensions  = { DBInstanceIdentifier = id }, statistic = "Minimum", period = 300, periods = 1
        comparison  = "LessThanThreshold", threshold = var.thresholds.database_storage_gib * local.gib, missing = "missing"
      }
      "database-${name}-memory" = {
        description = "The database ${name} is running out of memory", namespace = "AWS/RDS", metric = "FreeableMemory"
        dimensions  = { DBInstanceIdentifier = id }, statistic = "Average", period = 300, periods = 3
        comparison  = "LessThanThreshold", threshold = var.thresholds.database_memory_gib * local.gib, missing = "missing"
      }
    }
  ]...)

  balancer_alarms = {
    for name, balancer in local.balancers : "balancer-${name}-latency" => {
      description = "Requests to ${name} take long", namespace = "AWS/ApplicationELB", metric = "TargetResponseTime"
      dimensions  = { LoadBalancer = balancer }, extended_statistic = "p95", period = 60, periods = 5
      comparison  = "GreaterThanThreshold", threshold = var.thresholds.latency_seconds, missing = "notBreaching"
    }
  }

  group_alarms = {
    for name, group in local.groups : "targets-${name}-unhealthy" => {
      description = "Targets of ${name} are unhealthy", namespace = "AWS/ApplicationELB", metric = "UnHealthyHostCount"
      dimensions  = { LoadBalancer = group.balancer, TargetGroup = group.group }, statistic = "Maximum", period = 60, periods = 2
      comparison  = "GreaterThanThreshold", threshold = 0, missing = "missing"
    }
  }

  # The average over both tunnels is less than 1 as soon as one is down.
  vpn_alarms = {
    for name, id in var.vpn_connections : "vpn-${name}-tunnel" => {
      description = "A tunnel of the VPN connection ${name} is down", namespace = "AWS/VPN", metric = "TunnelState"
      dimensions  = { VpnId = id }, statistic = "Average", period = 300, periods = 1
      comparison  = "LessThanThreshold", threshold = 1, missing = "breaching"
    }
  }

  nat_alarms = merge([
    for name, id in var.nat_gateways : {
      "nat-${name}-ports" = {
        description = "The NAT gateway ${name} has no ports left for new connections", namespace = "AWS/NATGateway", metric = "ErrorPortAllocation"
        dimensions  = { NatGatewayId = id }, statistic = "Sum", period = 60, periods = 1
        comparison  = "GreaterThanThreshold", threshold = 0, missing = "notBreaching"
      }
      "nat-${name}-drops" = {
        description = "The NAT gateway ${name} drops packets", namespace = "AWS/NATGateway", metric = "PacketsDropCount"
        dimensions  = { NatGatewayId = id }, statistic = "Sum", period = 300, periods = 1
        comparison  = "GreaterThanThreshold", threshold = var.thresholds.nat_dropped_packets, missing = "notBreaching"
      }
    }
  ]...)

  instance_alarms = {
    for name, id in var.instances : "instance-${name}-status" => {
      description = "The instance ${name} or its host fails its checks", namespace = "AWS/EC2", metric = "StatusCheckFailed"
      dimensions  = { InstanceId = id }, statistic = "Maximum", period = 60, periods = 2
      comparison  = "GreaterThanThreshold", threshold = 0, missing = "missing"
    }
  }

  alarms = merge(
    local.database_alarms,
    local.balancer_alarms,
    local.group_alarms,
    local.vpn_alarms,
    local.nat_alarms,
    local.instance_alarms,
  )
}
