variable "name" {
  description = "Name of the server, or of the servers that are made from its template"
  type        = string
}

variable "family" {
  description = "What the image is: debian for Debian and Ubuntu, amazon for Amazon Linux 2023"
  type        = string
  default     = "debian"
  validation {
    condition     = contains(["debian", "amazon"], var.family)
    error_message = "The family must be debian or amazon."
  }
}

variable "rkhunter" {
  description = "Whether rootkits are looked for daily"
  type        = bool
  default     = true
}

variable "clamav" {
  description = "Whether ClamAV scans for malware daily"
  type        = bool
  default     = true
}

variable "unattended_upgrades" {
  description = "Whether security updates install themselves, and when the server restarts for them; null: it does not"
  type = object({
    enabled     = optional(bool, true)
    reboot_time = optional(string)
  })
  default = {}
  validation {
    condition     = var.unattended_upgrades.reboot_time == null || can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.unattended_upgrades.reboot_time))
    error_message = "The time of the restart must be of the form 03:30."
  }
}

variable "wazuh" {
  description = "Manager that the Wazuh agent reports to, and the agent's group; null: no agent"
  type = object({
    manager = string
    group   = optional(string, "default")
  })
  default = null
}

variable "nrpe" {
  description = "Addresses that Nagios asks NRPE from; null: no NRPE"
  type        = object({ allowed_hosts = list(string) })
  default     = null
  validation {
    condition     = var.nrpe == null ? true : length(var.nrpe.allowed_hosts) > 0
    error_message = "NRPE needs at least one address that may ask."
  }
}

variable "munin" {
  description = "Ranges that the Munin master asks from; null: no Munin node"
  type        = object({ allowed_cidrs = list(string) })
  default     = null
  validation {
    condition     = var.munin == null ? true : length(var.munin.allowed_cidrs) > 0 && alltrue([for c in var.munin.allowed_cidrs : can(cidrhost(c, 0))])
    error_message = "The Munin node needs at least one range that may ask, such as 10.0.0.5/32."
  }
}

variable "backup" {
  description = "Off-site backup with Duplicity, encrypted to the client's own key (the server has only its public half): the target URL, the key and its fingerprint, what is kept; null: no backup"
  type = object({
    target      = string
    public_key  = string
    fingerprint = string
    paths       = optional(list(string), ["/etc", "/home", "/root", "/srv", "/var/lib", "/var/www"])
    full_every  = optional(string, "30D")
    keep_full   = optional(number, 3)
    time        = optional(string, "02:17")
  })
  default = null
  validation {
    condition = var.backup == null ? true : (
      can(regex("^[A-F0-9]{40}$", var.backup.fingerprint)) &&
      startswith(trimspace(var.backup.public_key), "-----BEGIN PGP PUBLIC KEY BLOCK-----")
    )
    error_message = "The backup needs the client's public key in ASCII armour and its fingerprint of 40 hexadecimal digits."
  }
  validation {
    condition     = var.backup == null ? true : can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.backup.time))
    error_message = "The time of the backup must be of the form 02:17."
  }
}

variable "puppet" {
  description = "Puppet server that the agent asks, and the environment; null: no agent"
  type = object({
    server      = string
    environment = optional(string, "production")
  })
  default = null
}

variable "packages" {
  description = "More packages"
  type        = list(string)
  default     = []
}

variable "additions" {
  description = "What is done beyond the baseline: a script that begins with #!, or a text that begins with #cloud-config"
  type        = string
  default     = ""
  validation {
    condition     = var.additions == "" || startswith(var.additions, "#!") || startswith(var.additions, "#cloud-config")
    error_message = "The additions must begin with #! or #cloud-config, by which cloud-init tells what they are."
  }
}
