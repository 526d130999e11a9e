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
resource "aws_instance" "base" {
  ami           = data.aws_ami.image.id
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.base.id
}
resource "aws_ebs_volume" "base" {
  availability_zone = "eu-west-1a"
  size              = 10
}
resource "aws_ebs_snapshot" "base" {
  volume_id = aws_ebs_volume.base.id
}
resource "aws_kms_key" "base" {
  description = "volumes"
}
resource "aws_sns_topic" "base" {
  name = "base"
}
resource "aws_autoscaling_group" "base" {
  name                 = "base"
  min_size             = 0
  max_size             = 1
  launch_configuration = aws_launch_configuration.base.name
  vpc_zone_identifier  = [aws_subnet.base.id]
}
resource "aws_launch_configuration" "base" {
  name          = "base"
  image_id      = data.aws_ami.image.id
  instance_type = "t3.micro"
}

# swept
resource "aws_ami" "it" {
  name                = "registered"
  description         = "one" # 1
  description         = "two" # 2
  virtualization_type = "hvm"
  root_device_name    = "/dev/xvda"
  ena_support         = true
  deprecation_time    = "2030-01-01T00:00:00Z" # 2
  ebs_block_device {
    device_name = "/dev/xvda"
    snapshot_id = aws_ebs_snapshot.base.id
    volume_size = 12
  }
  tags = { Name = "it" }
}
resource "aws_ami_copy" "it" {
  name              = "copied"
  source_ami_id     = data.aws_ami.image.id
  source_ami_region = "eu-west-1"
  tags              = { Name = "one" } # 1
  tags              = { Name = "two" } # 2
}
resource "aws_ami_from_instance" "it" {
  name                    = "taken"
  source_instance_id      = aws_instance.base.id
  snapshot_without_reboot = true
  tags                    = { Name = "one" } # 1
  tags                    = { Name = "two" } # 2
}
resource "aws_ami_launch_permission" "it" {
  image_id   = aws_ami.it.id
  account_id = "123456789013"
}
resource "aws_launch_configuration" "it" {
  name_prefix                 = "it-"
  image_id                    = data.aws_ami.image.id
  instance_type               = "t3.micro"
  enable_monitoring           = false
  associate_public_ip_address = true
  user_data                   = "#!/bin/sh"
  root_block_device {
    volume_size = 20
    volume_type = "gp3"
  }
  ebs_block_device {
    device_name = "/dev/sdf"
    volume_size = 10
  }
}
resource "aws_autoscaling_notification" "it" {
  group_names   = [aws_autoscaling_group.base.name]
  notifications = ["autoscaling:EC2_INSTANCE_LAUNCH"]    # 1
  notifications = ["autoscaling:EC2_INSTANCE_TERMINATE"] # 2
  topic_arn     = aws_sns_topic.base.arn
}
resource "aws_ec2_host" "it" {
  instance_type     = "m5.large"
  availability_zone = "eu-west-1a"
  host_recovery     = "off" # 1
  host_recovery     = "on"  # 2
  tags              = { Name = "it" }
}
resource "aws_ec2_instance_metadata_defaults" "it" {
  http_tokens                 = "required"
  http_put_response_hop_limit = 1 # 1
  http_put_response_hop_limit = 2 # 2
}
resource "aws_ebs_default_kms_key" "it" {
  key_arn = aws_kms_key.base.arn
}
resource "aws_ebs_snapshot_copy" "it" {
  source_snapshot_id = aws_ebs_snapshot.base.id
  source_region      = "eu-west-1"
  tags               = { Name = "one" } # 1
  tags               = { Name = "two" } # 2
}
resource "aws_ec2_instance_state" "it" {
  instance_id = aws_instance.base.id
  state       = "stopped" # 1
  state       = "running" # 2
}
resource "aws_spot_instance_request" "it" {
  ami           = data.aws_ami.image.id
  instance_type = "t3.micro"
  spot_price    = "0.03"
  subnet_id     = aws_subnet.base.id
  tags          = { Name = "one" } # 1
  tags          = { Name = "two" } # 2
}
