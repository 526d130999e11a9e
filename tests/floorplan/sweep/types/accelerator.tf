resource "aws_vpc" "base" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_eip" "base" {
  for_each = toset(["one", "two"])
  domain   = "vpc"
}
resource "aws_s3_bucket" "base" {
  bucket = "accelerator-logs"
}
resource "aws_globalaccelerator_accelerator" "base" {
  name = "base"
}
resource "aws_globalaccelerator_listener" "base" {
  accelerator_arn = aws_globalaccelerator_accelerator.base.arn
  protocol        = "TCP"
  port_range {
    from_port = 80
    to_port   = 80
  }
}

# swept
resource "aws_globalaccelerator_accelerator" "it" {
  name            = "it"
  enabled         = true         # 1
  enabled         = false        # 2
  ip_address_type = "DUAL_STACK" # 2
  attributes {
    flow_logs_enabled   = true
    flow_logs_s3_bucket = aws_s3_bucket.base.bucket
    flow_logs_s3_prefix = "one/" # 1
    flow_logs_s3_prefix = "two/" # 2
  }
  tags = { Name = "one" } # 1
  tags = { Name = "two" } # 2
}
resource "aws_globalaccelerator_listener" "it" {
  accelerator_arn = aws_globalaccelerator_accelerator.base.arn
  protocol        = "TCP"
  client_affinity = "SOURCE_IP" # 2
  port_range {
    from_port = 443
    to_port   = 443 # 1
    to_port   = 444 # 2
  }
}
resource "aws_globalaccelerator_endpoint_group" "it" {
  listener_arn            = aws_globalaccelerator_listener.base.arn
  health_check_protocol   = "HTTP" # 2
  traffic_dial_percentage = 50     # 2
  endpoint_configuration {
    endpoint_id = aws_eip.base["one"].allocation_id # 1
    endpoint_id = aws_eip.base["two"].allocation_id # 2
    weight      = 100                               # 2
  }
  port_override { # 2
    listener_port = 80 # 2
    endpoint_port = 8080 # 2
  } # 2
}
