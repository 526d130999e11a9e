locals {
  makes_zone = var.zone_id == null && var.certificate_arn == null
  zone_id    = local.makes_zone ? one(aws_route53_zone.own[*].zone_id) : var.zone_id
}

resource "aws_route53_zone" "own" {
  count = local.makes_zone ? 1 : 0
  name  = regex("^[^.]+[.](.+)$", var.domain)[0]
  tags  = var.tags
}

resource "aws_acm_certificate" "requested" {
  count             = var.certificate_arn == null ? 1 : 0
  domain_name       = var.domain
  validation_method = "DNS"
  tags              = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

# What proves the domain to be the client's. A listener takes no certificate before it is issued.
resource "aws_route53_record" "proof" {
  for_each        = merge({}, [for certificate in aws_acm_certificate.requested : { for option in certificate.domain_validation_options : option.domain_name => option }]...)
  zone_id         = local.zone_id
  name            = each.value.resource_record_name
  type            = each.value.resource_record_type
  records         = [each.value.resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "requested" {
  count                   = var.certificate_arn == null ? 1 : 0
  certificate_arn         = aws_acm_certificate.requested[0].arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

# Where clients find the service.
resource "aws_route53_record" "service" {
  count   = local.makes_zone || var.zone_id != null ? 1 : 0
  zone_id = local.zone_id
  name    = var.domain
  type    = "A"
  alias {
    name                   = var.target.dns_name
    zone_id                = var.target.zone_id
    evaluate_target_health = true
  }
}
