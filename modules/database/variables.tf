variable "name" {
  description = "Name of the database; begins the name of everything in it"
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,39}$", var.name)) && !can(regex("--|-$", var.name))
    error_message = "The name must be 1 to 40 lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "vpc_id" {
  description = "The VPC of the database"
  type        = string
  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "The VPC is named by its ID, such as vpc-0123456789abcdef0."
  }
}

variable "subnet_ids" {
  description = "Subnets by zone, two zones at least, without a way to the Internet"
  type        = map(string)
  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "A database needs subnets in two zones at least, also when it stands in one."
  }
}

variable "client_security_group_ids" {
  description = "Security groups of those that may connect, by any name"
  type        = map(string)
  default     = {}
}

variable "client_cidrs" {
  description = "Ranges outside of the VPC whose clients may connect, by any name, such as a client's offices behind a VPN"
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "engine" {
  description = "\"postgres\", \"mysql\" or \"mariadb\""
  type        = string
  default     = "postgres"
  validation {
    condition     = contains(["postgres", "mysql", "mariadb"], var.engine)
    error_message = "The engines are \"postgres\", \"mysql\" and \"mariadb\"."
  }
}

variable "engine_version" {
  description = "Version, or the beginning of one: AWS then keeps to the newest of it"
  type        = string
  validation {
    condition     = can(regex("^[0-9]+([.][0-9]+)*", var.engine_version))
    error_message = "The version must begin with a number, such as 16 or 8.0.40."
  }
}

variable "parameter_group_family" {
  description = "Family of the engine's parameters, such as \"postgres16\" or \"mysql8.0\""
  type        = string
  validation {
    condition     = can(regex("^(postgres|mysql|mariadb)[0-9.]+$", var.parameter_group_family))
    error_message = "The family must be that of an engine and version, such as postgres16, mysql8.0 or mariadb11.4."
  }
}

variable "parameters" {
  description = "Parameters that differ from the family's, by name"
  type = map(object({
    value        = string
    apply_method = optional(string, "immediate")
  }))
  default = {}
}

variable "instance_class" {
  description = "Class of the instance"
  type        = string
  default     = "db.t4g.medium"
  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "The class must begin with db., such as db.t4g.medium."
  }
}

variable "storage" {
  description = "Storage in GiB, and how far AWS may let it grow"
  type = object({
    size = optional(number, 20)
    most = optional(number, 100)
  })
  default = {}
  validation {
    condition     = var.storage.size >= 20 && var.storage.most >= var.storage.size
    error_message = "The size must be 20 GiB or more, and at most as much as it may grow to."
  }
}

variable "multi_az" {
  description = "Whether a second instance in another zone stands by, which takes over within a minute"
  type        = bool
  default     = true
}

variable "backup_days" {
  description = "How many days backups are kept, during which the database can be brought back to any second"
  type        = number
  default     = 14
  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "Backups are kept for 1 to 35 days."
  }
}

variable "backup_window" {
  description = "When backups are made, UTC"
  type        = string
  default     = "01:00-01:45"
  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.backup_window))
    error_message = "The window must be of the form 01:00-01:45."
  }
}

variable "maintenance_window" {
  description = "When AWS may maintain the instance, UTC"
  type        = string
  default     = "sun:02:00-sun:04:00"
  validation {
    condition     = can(regex("^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$", lower(var.maintenance_window)))
    error_message = "The window must be of the form sun:02:00-sun:04:00."
  }
}

variable "apply_immediately" {
  description = "Whether changes come about at once, not in the next maintenance window"
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether the database is protected from deletion; to be switched off before a destroy"
  type        = bool
  default     = true
}

variable "final_snapshot" {
  description = "Whether a last snapshot is taken before the database is deleted"
  type        = bool
  default     = true
}

variable "kms_key_id" {
  description = "Key that storage and password are encrypted with; null for AWS's own"
  type        = string
  default     = null
}

variable "alarm_actions" {
  description = "Who is told when an alarm goes off: ARNs, such as that of an SNS topic"
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for arn in var.alarm_actions : can(regex("^arn:", arn))])
    error_message = "Each action is named by its ARN."
  }
}

variable "tags" {
  description = "Tags of everything in it"
  type        = map(string)
  default     = {}
}
