locals {
  clock = var.backup == null ? ["0", "0"] : split(":", var.backup.time)

  # Each part of the baseline: whether it is wanted, its packages, files and first commands.
  parts = {
    rkhunter = {
      wanted   = var.rkhunter
      packages = ["rkhunter"]
      files    = { "/etc/default/rkhunter" = { text = file("${path.module}/templates/rkhunter"), mode = "0644" } }
      commands = [["rkhunter", "--propupd"]]
    }
    clamav = {
      wanted   = var.clamav
      packages = ["clamav", "clamav-freshclam"]
      files    = { "/etc/cron.daily/clamav-scan" = { text = file("${path.module}/templates/clamav-scan.sh"), mode = "0755" } }
      commands = []
    }
    unattended_upgrades = {
      wanted   = var.unattended_upgrades.enabled
      packages = ["unattended-upgrades"]
      files = {
        "/etc/apt/apt.conf.d/52baseline" = {
          text = templatefile("${path.module}/templates/upgrades.conf.tftpl", { reboot_time = var.unattended_upgrades.reboot_time })
          mode = "0644"
        }
      }
      commands = []
    }
    wazuh = {
      wanted   = var.wazuh != null
      packages = ["wazuh-agent"]
      files    = {}
      commands = var.wazuh == null ? [] : [
        ["sed", "-i", "s|<address>.*</address>|<address>${var.wazuh.manager}</address>|", "/var/ossec/etc/ossec.conf"],
        ["/var/ossec/bin/agent-auth", "-m", var.wazuh.manager, "-G", var.wazuh.group],
        ["systemctl", "enable", "--now", "wazuh-agent"],
      ]
    }
    nrpe = {
      wanted   = var.nrpe != null
      packages = ["nagios-nrpe-server", "monitoring-plugins-basic"]
      files = {
        "/etc/nagios/nrpe.d/baseline.cfg" = {
          text = templatefile("${path.module}/templates/nrpe.cfg.tftpl", { allowed_hosts = var.nrpe == null ? [] : var.nrpe.allowed_hosts })
          mode = "0644"
        }
      }
      commands = [["systemctl", "restart", "nagios-nrpe-server"]]
    }
    munin = {
      wanted   = var.munin != null
      packages = ["munin-node"]
      files = {
        "/etc/munin/munin-node.conf" = {
          text = templatefile("${path.module}/templates/munin-node.conf.tftpl", { name = var.name, allowed_cidrs = var.munin == null ? [] : var.munin.allowed_cidrs })
          mode = "0644"
        }
      }
      commands = [["systemctl", "restart", "munin-node"]]
    }
    backup = {
      wanted   = var.backup != null
      packages = ["duplicity", "gnupg", "python3-boto3"]
      files = var.backup == null ? {} : {
        "/etc/duplicity/client.asc"      = { text = "${trimspace(var.backup.public_key)}\n", mode = "0644" }
        "/usr/local/sbin/offsite-backup" = { text = templatefile("${path.module}/templates/offsite-backup.sh.tftpl", merge(var.backup, { name = var.name })), mode = "0750" }
        "/etc/cron.d/offsite-backup"     = { text = "${tonumber(local.clock[1])} ${tonumber(local.clock[0])} * * * root /usr/local/sbin/offsite-backup\n", mode = "0644" }
      }
      commands = [["gpg", "--batch", "--import", "/etc/duplicity/client.asc"]]
    }
  }

  wanted = { for name, part in local.parts : name => part if part.wanted }

  cloud_config = merge(
    {
      package_update  = true
      package_upgrade = true
      ssh_pwauth      = false
      disable_root    = true
      packages        = distinct(concat(flatten([for part in local.wanted : part.packages]), var.packages))
      # The packages bring files of the same names, so these come after them.
      write_files = flatten([
        for part in local.wanted : [
          for path, file in part.files : { path = path, content = file.text, permissions = file.mode, owner = "root:root", defer = true }
        ]
      ])
      # Commands run last, when the packages and the files are there.
      runcmd = concat([], [for part in local.wanted : part.commands]...)
    },
    var.wazuh == null ? {} : {
      apt = {
        sources = {
          "wazuh.list" = {
            source = "deb [signed-by=$KEY_FILE] https://packages.wazuh.com/4.x/apt/ stable main"
            keyid  = "0DCFCA5547B19D2A6099506096B3EE5F29111145"
          }
        }
      }
    },
    var.puppet == null ? {} : {
      puppet = {
        install = true
        conf    = { agent = { server = var.puppet.server, environment = var.puppet.environment } }
      }
    },
  )

  user_data = "#cloud-config\n${yamlencode(local.cloud_config)}"
  tags      = merge(var.tags, { Name = var.name })
}

resource "aws_launch_template" "this" {
  name                   = var.name
  description            = "The hosting baseline"
  image_id               = var.ami_id
  instance_type          = var.instance_type
  key_name               = var.key_name
  user_data              = base64encode(local.user_data)
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

  lifecycle {
    precondition {
      condition     = length(local.user_data) <= 16384
      error_message = "The baseline makes ${length(local.user_data)} bytes of user data; an instance takes 16384. Leave parts of it to Puppet."
    }
  }
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
