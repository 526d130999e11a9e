terraform {
  required_version = ">= 1.5"
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-*"]
  }
  filter {
    name   = "architecture"
    values = ["x86_64"]
  }
}

module "network" {
  source     = "../../../network"
  name       = "server-single"
  cidr_block = "10.62.0.0/16"
  zones      = { eu-west-1a = 0 }
}

resource "aws_security_group" "bastion" {
  name        = "server-single"
  description = "A single server"
  vpc_id      = module.network.vpc_id
}

module "bastion" {
  source             = "../.."
  name               = "server-single"
  ami_id             = data.aws_ami.linux.id
  single             = true
  subnet_id          = module.network.private_subnet_ids["eu-west-1a"]
  security_group_ids = [aws_security_group.bastion.id]
  root_volume        = { device = data.aws_ami.linux.root_device_name, size = 10 }
  clamav             = false
}

output "cloud_config" {
  value = yamldecode(module.bastion.user_data)
}

output "private_ip" {
  value = module.bastion.private_ip
}
