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
  vpc_id            = aws_vpc.base.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "eu-west-1a"
}
resource "aws_lb_target_group" "base" {
  name     = "base"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.base.id
}
resource "aws_launch_template" "base" {
  name          = "base"
  image_id      = data.aws_ami.image.id
  instance_type = "t3.micro"
}

# swept
resource "aws_key_pair" "it" {
  key_name   = "it"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHnUaJtL9wXgEVp3HPzXnNWqkzYjLF7cFVWkhw4a6ZpT it"
  tags       = { Name = "one" } # 1
  tags       = { Name = "two" } # 2
}
resource "aws_instance" "it" {
  ami                     = data.aws_ami.image.id
  instance_type           = "t3.micro"
  subnet_id               = aws_subnet.base.id
  private_ip              = "10.1.1.20"
  source_dest_check       = false
  monitoring              = false # 1
  monitoring              = true  # 2
  tags                    = { Name = "it" }
}
resource "aws_ebs_volume" "it" {
  availability_zone = "eu-west-1a"
  size              = 10 # 1
  size              = 20 # 2
  type              = "gp3"
  tags              = { Name = "it" }
}
resource "aws_volume_attachment" "it" {
  device_name = "/dev/sdf"
  instance_id = aws_instance.it.id
  volume_id   = aws_ebs_volume.it.id
  force_detach = true # 2
}
resource "aws_launch_template" "it" {
  name          = "its"
  image_id      = data.aws_ami.image.id
  instance_type = "t3.micro" # 1
  instance_type = "t3.small" # 2
  tags          = { Name = "it" }
}
resource "aws_autoscaling_group" "it" {
  name                = "it"
  min_size            = 0
  max_size            = 1 # 1
  max_size            = 2 # 2
  vpc_zone_identifier = [aws_subnet.base.id]
  launch_template {
    id = aws_launch_template.base.id
  }
  tag {
    key                 = "Name"
    value               = "it"
    propagate_at_launch = true
  }
}
resource "aws_autoscaling_attachment" "it" {
  autoscaling_group_name = aws_autoscaling_group.it.name
  lb_target_group_arn    = aws_lb_target_group.base.arn
}
resource "aws_autoscaling_policy" "it" {
  name                   = "it"
  autoscaling_group_name = aws_autoscaling_group.it.name
  policy_type            = "TargetTrackingScaling"
  target_tracking_configuration {
    target_value = 40 # 1
    target_value = 50 # 2
    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}
resource "aws_autoscaling_schedule" "it" {
  scheduled_action_name  = "it"
  autoscaling_group_name = aws_autoscaling_group.it.name
  recurrence             = "0 6 * * *"
  min_size               = 0
  max_size               = 1 # 1
  max_size               = 2 # 2
  desired_capacity       = -1
}
resource "aws_autoscaling_traffic_source_attachment" "it" {
  autoscaling_group_name = aws_autoscaling_group.it.name
  traffic_source {
    identifier = "arn:aws:vpc-lattice:eu-west-1:123456789012:targetgroup/tg-0123456789abcdef0"
    type       = "vpc-lattice"
  }
}
