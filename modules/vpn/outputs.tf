output "connection_ids" {
  description = "Connections by site"
  value       = { for site, connection in aws_vpn_connection.this : site => connection.id }
}

output "tunnel_addresses" {
  description = "AWS's addresses of both tunnels, by site: what the site's firewall has to let through"
  value       = { for site, connection in aws_vpn_connection.this : site => [connection.tunnel1_address, connection.tunnel2_address] }
}

output "device_configurations" {
  description = "What AWS writes for each site's device, keys included"
  value       = { for site, connection in aws_vpn_connection.this : site => connection.customer_gateway_configuration }
  sensitive   = true
}

output "vpn_gateway_id" {
  description = "The virtual private gateway; null over a transit gateway"
  value       = one(aws_vpn_gateway.this[*].id)
}

output "transit_gateway_attachment_ids" {
  description = "The connections' attachments by site, over a transit gateway"
  value       = local.private ? {} : { for site, connection in aws_vpn_connection.this : site => connection.transit_gateway_attachment_id }
}
