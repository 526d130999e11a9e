output "url" {
  description = "Where clients find the service"
  value       = "https://${var.domain}"
}

output "dns_name" {
  description = "What the domain's DNS record points to"
  value       = module.web.dns_name
}

output "certificate_validation" {
  description = "DNS records that prove the domain to be the client's, until the certificate is issued"
  value       = module.certificate.validation
}

output "nat_public_ips" {
  description = "Addresses that the client's partners see"
  value       = module.network.nat_public_ips
}

output "web_acl_arn" {
  description = "The web ACL in front of the balancer"
  value       = module.edge.web_acl_arn
}

output "name_servers" {
  description = "Servers of the zone that was made, which the domain's registrar has to name"
  value       = module.certificate.name_servers
}
