locals {
  debian = var.family == "debian"
  clock  = var.backup == null ? ["0", "0"] : split(":", var.backup.time)

  # Each part of the baseline: whether it is wanted, its packages, files and first commands.
  parts = {
    rkhunter = {
      wanted   = var.rkhunter && local.debian
      packages = ["rkhunter"]
      files    = { "/etc/default/rkhunter" = { text = file("${path.module}/templates/rkhunter"), mode = "0644" } }
      commands = [["rkhunter", "--propupd"]]
    }
    clamav = {
      wanted   = var.clamav && local.debian
      packages = ["clamav", "clamav-freshclam"]
      files    = { "/etc/cron.daily/clamav-scan" = { text = file("${path.module}/templates/clamav-scan.sh"), mode = "0755" } }
      commands = []
    }
    unattended_upgrades = {
      wanted   = var.unattended_upgrades.enabled && local.debian
      packages = ["unattended-upgrades"]
      files = {
        "/etc/apt/apt.conf.d/52baseline" = {
          text = templatefile("${path.module}/templates/upgrades.conf.tftpl", { reboot_time = var.unattended_upgrades.reboot_time })
          mode = "0644"
        }
      }
      commands = []
    }
    # Amazon Linux stays at the release of its image unless the layout says otherwise.
    dnf_automatic = {
      wanted   = var.unattended_upgrades.enabled && var.family == "amazon"
      packages = ["dnf-automatic"]
      files = {
        "/etc/dnf/vars/releasever" = { text = "latest\n", mode = "0644" }
        "/etc/dnf/automatic.conf"  = { text = file("${path.module}/templates/automatic.conf"), mode = "0644" }
      }
      commands = [["systemctl", "enable", "--now", "dnf-automatic.timer"]]
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

  own = "#cloud-config\n${yamlencode(local.cloud_config)}"

  # cloud-init tells by its first line what the addition is: a script, or more of a configuration.
  user_data = var.additions == "" ? local.own : join("\n", [
    "Content-Type: multipart/mixed; boundary=\"${local.boundary}\"",
    "MIME-Version: 1.0",
    "",
    "--${local.boundary}",
    "Content-Type: text/cloud-config; charset=\"utf-8\"",
    "",
    local.own,
    "--${local.boundary}",
    "Content-Type: text/plain; charset=\"utf-8\"",
    "",
    var.additions,
    "--${local.boundary}--",
    "",
  ])
  boundary = "==baseline-${substr(sha256(var.additions), 0, 16)}=="
}
