locals {
  tags = merge(var.tags, { Name = var.name })
}

module "baseline" {
  source              = "../baseline"
  name                = var.name
  rkhunter            = var.rkhunter
  clamav              = var.clamav
  unattended_upgrades = var.unattended_upgrades
  wazuh               = var.wazuh
  nrpe                = var.nrpe
  munin               = var.munin
  backup              = var.backup
  puppet              = var.puppet
  packages            = var.packages
  additions           = var.additions
}

resource "aws_launch_template" "this" {
  name                   = var.name
  description            = "The hosting baseline"
  image_id               = var.ami_id
  instance_type          = var.instance_type
  key_name               = var.key_name
  user_data              = base64encode(module.baseline.user_data)
  update_default_version = true

  dynamic "iam_instance_profile" {
    for_each = var.iam_instance_profile == null ? [] : [var.iam_instance_profile]
    content {
      name = iam_instance_profile.value
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "enabled"
  }

  monitoring {
    enabled = true
  }

  network_interfaces {
    device_index                = 0
    associate_public_ip_address = var.associate_public_ip_address
    delete_on_termination       = true
    security_groups             = var.security_group_ids
    subnet_id                   = var.subnet_id
  }

  block_device_mappings {
    device_name = var.root_volume.device
    ebs {
      volume_size           = var.root_volume.size
      volume_type           = var.root_volume.type
      kms_key_id            = var.root_volume.kms_key_id
      encrypted             = true
      delete_on_termination = true
    }
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume", "network-interface"]
    content {
      resource_type = tag_specifications.value
      tags          = local.tags
    }
  }

  tags = local.tags
}

resource "aws_instance" "this" {
  count = var.single ? 1 : 0

  # A server is not replaced because its template has a new version, unless its owner says so.
  launch_template {
    id      = aws_launch_template.this.id
    version = var.replace_on_change ? tostring(aws_launch_template.this.latest_version) : "$Default"
  }

  tags = local.tags
}
