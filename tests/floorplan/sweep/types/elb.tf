resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "base" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
}
resource "aws_security_group" "base" {
  name   = "base"
  vpc_id = aws_vpc.base.id
}
resource "aws_lb" "base" {
  name            = "base"
  internal        = true
  subnets         = [for subnet in aws_subnet.base : subnet.id]
  security_groups = [aws_security_group.base.id]
}
resource "aws_acm_certificate" "base" {
  certificate_body = file("${path.module}/certificate.pem")
  private_key      = file("${path.module}/key.pem")
}
resource "aws_lb_target_group" "base" {
  name        = "base"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.base.id
}
resource "aws_lb_listener" "base" {
  load_balancer_arn = aws_lb.base.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate.base.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.base.arn
  }
}
resource "aws_route53_zone" "base" {
  name = "example.com"
}
resource "aws_acm_certificate" "asked" {
  domain_name       = "asked.example.com"
  validation_method = "DNS"
}
resource "aws_route53_record" "proof" {
  for_each = { for option in aws_acm_certificate.asked.domain_validation_options : option.domain_name => option }
  zone_id  = aws_route53_zone.base.zone_id
  name     = each.value.resource_record_name
  type     = each.value.resource_record_type
  records  = [each.value.resource_record_value]
  ttl      = 60
}

# swept
resource "aws_lb" "it" {
  name            = "it"
  internal        = true
  subnets         = [for subnet in aws_subnet.base : subnet.id]
  security_groups = [aws_security_group.base.id]
  idle_timeout    = 90  # 1
  idle_timeout    = 120 # 2
  tags            = { Name = "it" }
}
resource "aws_lb_target_group" "it" {
  name                 = "it"
  port                 = 80
  protocol             = "HTTP"
  vpc_id               = aws_vpc.base.id
  deregistration_delay = 10 # 1
  deregistration_delay = 20 # 2
  tags                 = { Name = "it" }
}
resource "aws_lb_listener" "it" {
  load_balancer_arn = aws_lb.it.arn
  port              = 80 # 1
  port              = 81 # 2
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.it.arn
  }
  tags = { Name = "it" }
}
resource "aws_lb_listener_rule" "it" {
  listener_arn = aws_lb_listener.it.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.it.arn
  }
  condition {
    path_pattern {
      values = ["/one/*"] # 1
      values = ["/two/*"] # 2
    }
  }
  tags = { Name = "it" }
}
resource "aws_lb_target_group_attachment" "it" {
  target_group_arn = aws_lb_target_group.base.arn
  target_id        = "10.1.1.10"
  port             = 80
}
resource "aws_acm_certificate" "it" {
  certificate_body = file("${path.module}/certificate.pem")
  private_key      = file("${path.module}/key.pem")
  tags             = { Name = "one" } # 1
  tags             = { Name = "two" } # 2
}
resource "aws_lb_listener_certificate" "it" {
  listener_arn    = aws_lb_listener.base.arn
  certificate_arn = aws_acm_certificate.it.arn
}
resource "aws_route53_zone" "it" {
  name    = "example.org"
  comment = "one" # 1
  comment = "two" # 2
}
resource "aws_route53_record" "it" {
  zone_id = aws_route53_zone.it.zone_id
  name    = "www.example.org"
  type    = "A"
  ttl     = 60 # 1
  ttl     = 90 # 2
  records = ["192.0.2.1"]
}
resource "aws_acm_certificate_validation" "it" {
  certificate_arn = aws_acm_certificate.asked.arn
  depends_on      = [aws_route53_record.proof]
}
