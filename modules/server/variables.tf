variable "name" {
  description = "Name of the server, or of the servers that are made from its template"
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,62}$", var.name))
    error_message = "The name must be 2 to 63 lower-case letters, digits and hyphens, and not begin with a hyphen."
  }
}

variable "ami_id" {
  description = "Image of a Debian or Ubuntu, which the baseline is written for"
  type        = string
  validation {
    condition     = can(regex("^ami-[0-9a-f]+$", var.ami_id))
    error_message = "The image must be given by its id, such as ami-0123456789abcdef0."
  }
}

variable "instance_type" {
  description = "Type of the instances"
  type        = string
  default     = "t3.small"
}

variable "single" {
  description = "Whether there is a single server; otherwise there is only the template, for a scaling group"
  type        = bool
  default     = false
}

variable "replace_on_change" {
  description = "Whether the single server is replaced when its template changes, by another image for instance"
  type        = bool
  default     = false
}

variable "subnet_id" {
  description = "Subnet of the single server"
  type        = string
  default     = null
}

variable "security_group_ids" {
  description = "Groups of the primary interface"
  type        = list(string)
  validation {
    condition     = length(var.security_group_ids) > 0
    error_message = "At least one security group is needed; AWS would take the default one of the VPC."
  }
}

variable "associate_public_ip_address" {
  description = "Whether the servers get public addresses of their own"
  type        = bool
  default     = false
}

variable "iam_instance_profile" {
  description = "Name of the instance profile"
  type        = string
  default     = null
}

variable "key_name" {
  description = "Name of the key pair; none by default, as Session Manager needs none"
  type        = string
  default     = null
}

variable "root_volume" {
  description = "Root volume, always encrypted: its device in the image, size in GiB, type, and the KMS key, if not AWS's own"
  type = object({
    device     = optional(string, "/dev/xvda")
    size       = optional(number, 20)
    type       = optional(string, "gp3")
    kms_key_id = optional(string)
  })
  default = {}
  validation {
    condition     = var.root_volume.size >= 8
    error_message = "The root volume needs 8 GiB at least."
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
}

variable "munin" {
  description = "Ranges that the Munin master asks from; null: no Munin node"
  type        = object({ allowed_cidrs = list(string) })
  default     = null
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
}

variable "tags" {
  description = "Tags of everything"
  type        = map(string)
  default     = {}
}
