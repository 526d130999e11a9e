data "aws_ami" "image" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*"]
  }
}
resource "aws_vpc" "base" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "base" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.${each.value}.0/24"
  availability_zone = "eu-west-1${each.key}"
}
resource "aws_launch_template" "base" {
  name          = "base"
  image_id      = data.aws_ami.image.id
  instance_type = "t3.micro"
}
resource "aws_autoscaling_group" "base" {
  name                = "base"
  min_size            = 0
  max_size            = 1
  vpc_zone_identifier = [aws_subnet.base["a"].id]
  launch_template {
    id = aws_launch_template.base.id
  }
}
resource "aws_alb" "base" {
  name     = "base"
  internal = true
  subnets  = [for subnet in aws_subnet.base : subnet.id]
}
resource "aws_alb_target_group" "base" {
  name        = "other"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.base.id
}
resource "aws_sns_topic" "base" {
  name = "base"
}
resource "aws_db_subnet_group" "base" {
  name       = "base"
  subnet_ids = [for subnet in aws_subnet.base : subnet.id]
}
resource "aws_db_instance" "base" {
  identifier           = "base"
  engine               = "postgres"
  instance_class       = "db.t4g.micro"
  allocated_storage    = 20
  username             = "root"
  password             = "battery-staple-1"
  skip_final_snapshot  = true
  db_subnet_group_name = aws_db_subnet_group.base.name
}

# swept
resource "aws_alb" "it" {
  name         = "it"
  internal     = true
  subnets      = [for subnet in aws_subnet.base : subnet.id]
  idle_timeout = 90  # 1
  idle_timeout = 120 # 2
}
resource "aws_alb_target_group" "it" {
  name                 = "it"
  port                 = 80
  protocol             = "HTTP"
  vpc_id               = aws_vpc.base.id
  deregistration_delay = 10 # 1
  deregistration_delay = 20 # 2
}
resource "aws_alb_listener" "it" {
  load_balancer_arn = aws_alb.it.arn
  port              = 80 # 1
  port              = 81 # 2
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_alb_target_group.it.arn
  }
}
resource "aws_alb_listener_rule" "it" {
  listener_arn = aws_alb_listener.it.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_alb_target_group.it.arn
  }
  condition {
    path_pattern {
      values = ["/one/*"] # 1
      values = ["/two/*"] # 2
    }
  }
}
resource "aws_alb_target_group_attachment" "it" {
  target_group_arn = aws_alb_target_group.base.arn
  target_id        = "10.1.1.10"
  port             = 80
}
resource "aws_lb_trust_store" "it" {
  name                             = "it"
  ca_certificates_bundle_s3_bucket = "bundles"
  ca_certificates_bundle_s3_key    = "one.pem" # 1
  ca_certificates_bundle_s3_key    = "two.pem" # 2
  tags                             = { Name = "it" }
}
resource "aws_lb_trust_store_revocation" "it" {
  trust_store_arn       = aws_lb_trust_store.it.arn
  revocations_s3_bucket = "bundles"
  revocations_s3_key    = "gone.crl"
}
resource "aws_autoscaling_lifecycle_hook" "it" {
  name                   = "it"
  autoscaling_group_name = aws_autoscaling_group.base.name
  lifecycle_transition   = "autoscaling:EC2_INSTANCE_LAUNCHING"
  heartbeat_timeout      = 60 # 1
  heartbeat_timeout      = 90 # 2
}
resource "aws_placement_group" "it" {
  name     = "it"
  strategy = "spread"
  tags     = { Name = "one" } # 1
  tags     = { Name = "two" } # 2
}
resource "aws_ec2_capacity_reservation" "it" {
  instance_type     = "t3.micro"
  instance_platform = "Linux/UNIX"
  availability_zone = "eu-west-1a"
  instance_count    = 1 # 1
  instance_count    = 2 # 2
  tags              = { Name = "it" }
}
resource "aws_db_event_subscription" "it" {
  name             = "it"
  sns_topic        = aws_sns_topic.base.arn
  source_type      = "db-instance"
  source_ids       = [aws_db_instance.base.identifier]
  event_categories = ["failover"]                # 1
  event_categories = ["failover", "maintenance"] # 2
  tags             = { Name = "it" }
}
resource "aws_db_snapshot" "it" {
  db_instance_identifier = aws_db_instance.base.identifier
  db_snapshot_identifier = "it"
  shared_accounts        = ["123456789013"]                 # 1
  shared_accounts        = ["123456789013", "123456789014"] # 2
  tags                   = { Name = "it" }
}
