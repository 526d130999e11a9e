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
  name       = "server-example"
  cidr_block = "10.61.0.0/16"
  zones      = { eu-west-1a = 0, eu-west-1b = 1 }
}

resource "aws_security_group" "web" {
  name        = "server-example"
  description = "Web servers"
  vpc_id      = module.network.vpc_id
}

variable "instance_type" {
  type    = string
  default = "t3.micro"
}

module "web" {
  source             = "../.."
  name               = "server-example"
  ami_id             = data.aws_ami.linux.id
  instance_type      = var.instance_type
  security_group_ids = [aws_security_group.web.id]
  root_volume        = { device = data.aws_ami.linux.root_device_name }
  wazuh              = { manager = "10.61.48.10" }
  nrpe               = { allowed_hosts = ["10.61.48.11"] }
  munin              = { allowed_cidrs = ["10.61.48.11/32"] }
  puppet             = { server = "puppet.example.com" }
  backup = {
    target      = "s3://example-backups/web"
    fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567"
    public_key  = <<-KEY
      -----BEGIN PGP PUBLIC KEY BLOCK-----

      the public half of the client's key
      -----END PGP PUBLIC KEY BLOCK-----
    KEY
  }
  unattended_upgrades = { reboot_time = "03:30" }
  tags                = { client = "example" }
}

resource "aws_autoscaling_group" "web" {
  name                = "server-example"
  min_size            = 2
  max_size            = 4
  vpc_zone_identifier = values(module.network.private_subnet_ids)

  launch_template {
    id      = module.web.launch_template_id
    version = module.web.launch_template_version
  }

  instance_refresh {
    strategy = "Rolling"
    preferences {
      min_healthy_percentage = 50
    }
  }

  tag {
    key                 = "client"
    value               = "example"
    propagate_at_launch = true
  }
}

output "cloud_config" {
  value = yamldecode(module.web.user_data)
}

output "size" {
  value = length(module.web.user_data)
}
