output "certificate_arn" {
  description = "The certificate, issued"
  value       = coalesce(var.certificate_arn, one(aws_acm_certificate_validation.requested[*].certificate_arn))
}

output "validation" {
  description = "DNS records that prove the domain to be the client's, until the certificate is issued"
  value       = try(aws_acm_certificate.requested[0].domain_validation_options, [])
}

output "name_servers" {
  description = "Servers of the zone that was made, which the domain's registrar has to name"
  value       = try(aws_route53_zone.own[0].name_servers, [])
}

output "zone_id" {
  description = "The zone in which the domain is, if it is in Route 53"
  value       = local.zone_id
}
