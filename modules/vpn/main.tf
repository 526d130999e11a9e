locals {
  # What both ends may agree on: nothing that is weak, whatever AWS admits by default.
  ike_versions = ["ikev2"]
  ciphers      = ["AES256", "AES256-GCM-16"]
  hashes       = ["SHA2-256", "SHA2-384", "SHA2-512"]
  groups       = [14, 15, 16, 17, 18, 19, 20, 21]

  private = var.gateway == "virtual_private"
  routes = merge([
    for name, site in var.sites : { for cidr in site.static_routes : "${name} ${cidr}" => { site = name, cidr = cidr } }
  ]...)
  # AWS takes ASNs beyond 31 bits by another argument.
  largest_plain_asn = 2147483647
}

# A device that moves gets a new gateway, and its connection passes to it before the old one goes.
resource "aws_customer_gateway" "this" {
  for_each         = var.sites
  type             = "ipsec.1"
  ip_address       = each.value.ip
  bgp_asn          = each.value.asn <= local.largest_plain_asn ? each.value.asn : null
  bgp_asn_extended = each.value.asn > local.largest_plain_asn ? each.value.asn : null
  device_name      = each.key
  tags             = merge(var.tags, { Name = "${var.name}-${each.key}" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpn_gateway" "this" {
  count           = local.private ? 1 : 0
  vpc_id          = var.vpc_id
  amazon_side_asn = var.amazon_side_asn
  tags            = merge(var.tags, { Name = var.name })
}

resource "aws_vpn_gateway_route_propagation" "this" {
  for_each       = local.private ? var.route_table_ids : {}
  vpn_gateway_id = aws_vpn_gateway.this[0].id
  route_table_id = each.value
}

resource "aws_vpn_connection" "this" {
  for_each            = var.sites
  type                = "ipsec.1"
  customer_gateway_id = aws_customer_gateway.this[each.key].id
  vpn_gateway_id      = one(aws_vpn_gateway.this[*].id)
  transit_gateway_id  = local.private ? null : var.transit_gateway_id
  static_routes_only  = length(each.value.static_routes) > 0

  tunnel1_inside_cidr                  = try(each.value.inside_cidrs[0], null)
  tunnel1_preshared_key                = try(var.preshared_keys[each.key][0], null)
  tunnel1_ike_versions                 = local.ike_versions
  tunnel1_phase1_encryption_algorithms = local.ciphers
  tunnel1_phase1_integrity_algorithms  = local.hashes
  tunnel1_phase1_dh_group_numbers      = local.groups
  tunnel1_phase2_encryption_algorithms = local.ciphers
  tunnel1_phase2_integrity_algorithms  = local.hashes
  tunnel1_phase2_dh_group_numbers      = local.groups
  tunnel1_startup_action               = var.initiate ? "start" : "add"
  tunnel1_dpd_timeout_action           = "restart"

  tunnel2_inside_cidr                  = try(each.value.inside_cidrs[1], null)
  tunnel2_preshared_key                = try(var.preshared_keys[each.key][1], null)
  tunnel2_ike_versions                 = local.ike_versions
  tunnel2_phase1_encryption_algorithms = local.ciphers
  tunnel2_phase1_integrity_algorithms  = local.hashes
  tunnel2_phase1_dh_group_numbers      = local.groups
  tunnel2_phase2_encryption_algorithms = local.ciphers
  tunnel2_phase2_integrity_algorithms  = local.hashes
  tunnel2_phase2_dh_group_numbers      = local.groups
  tunnel2_startup_action               = var.initiate ? "start" : "add"
  tunnel2_dpd_timeout_action           = "restart"

  dynamic "tunnel1_log_options" {
    for_each = var.log_tunnels ? [var.log_group_arn] : []
    content {
      cloudwatch_log_options {
        log_enabled       = true
        log_group_arn     = tunnel1_log_options.value
        log_output_format = "json"
      }
    }
  }

  dynamic "tunnel2_log_options" {
    for_each = var.log_tunnels ? [var.log_group_arn] : []
    content {
      cloudwatch_log_options {
        log_enabled       = true
        log_group_arn     = tunnel2_log_options.value
        log_output_format = "json"
      }
    }
  }

  tags = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_vpn_connection_route" "this" {
  for_each               = local.private ? local.routes : {}
  vpn_connection_id      = aws_vpn_connection.this[each.value.site].id
  destination_cidr_block = each.value.cidr
}

resource "aws_ec2_transit_gateway_route" "this" {
  for_each                       = local.private ? {} : local.routes
  transit_gateway_route_table_id = var.transit_gateway_route_table_id
  transit_gateway_attachment_id  = aws_vpn_connection.this[each.value.site].transit_gateway_attachment_id
  destination_cidr_block         = each.value.cidr
}
