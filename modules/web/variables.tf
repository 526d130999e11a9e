variable "name" {
  description = "Name of the service; begins the name of everything in it"
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,19}$", var.name))
    error_message = "The name must be 1 to 20 lower-case letters, digits and hyphens, and not begin with a hyphen."
  }
}

variable "vpc_id" {
  description = "The VPC of the service"
  type        = string
  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "The VPC is named by its ID, such as vpc-0123456789abcdef0."
  }
}

variable "balancer_subnet_ids" {
  description = "Subnets of the balancer by zone: public ones, unless it is internal"
  type        = map(string)
  validation {
    condition     = length(var.balancer_subnet_ids) >= 2
    error_message = "The balancer needs subnets in two zones at least."
  }
}

variable "member_subnet_ids" {
  description = "Subnets of the members by zone"
  type        = map(string)
}

variable "members" {
  description = "How many members each zone has, unless they are a scaling group. Adding or taking away one changes no other."
  type        = map(number)
  default     = {}
  validation {
    condition     = alltrue([for n in values(var.members) : n >= 0 && floor(n) == n])
    error_message = "The number of members must be a whole number, 0 or more, in every zone."
  }
}

variable "scaling" {
  description = "Members as a scaling group, which replaces a dead one by itself: how many at least and at most, how many at first, and for how many seconds a new one need not be healthy; null: fixed members"
  type = object({
    min     = number
    max     = number
    desired = optional(number)
    grace   = optional(number, 300)
  })
  default = null
  validation {
    condition     = var.scaling == null ? true : var.scaling.min >= 0 && var.scaling.min <= var.scaling.max
    error_message = "A group has at least 0 members, and at most no fewer than at least."
  }
}

variable "rolling" {
  description = "How fixed members are replaced: how many may be missing at a time, and how many there may be too many; numbers or percentages"
  type = object({
    max_unavailable = optional(string, "0")
    max_surge       = optional(string, "1")
  })
  default = {}
}

variable "databases" {
  description = "Databases that members ask, by name: their security group and port"
  type        = map(object({ security_group_id = string, port = number }))
  default     = {}
}

variable "root_volume" {
  description = "Root volume of a member, always encrypted: its device in the image, size in GiB, type, and the KMS key, if not AWS's own"
  type = object({
    device     = optional(string, "/dev/xvda")
    size       = optional(number, 20)
    type       = optional(string, "gp3")
    kms_key_id = optional(string)
  })
  default = {}
}

variable "certificate_arn" {
  description = "ARN of the balancer's certificate, which must be issued"
  type        = string
  validation {
    condition     = can(regex("^arn:", var.certificate_arn))
    error_message = "The certificate is named by its ARN."
  }
}

variable "ssl_policy" {
  description = "Which versions and ciphers of TLS clients may use"
  type        = string
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}

variable "sources" {
  description = "IPv4 ranges that may reach the balancer"
  type        = set(string)
  default     = ["0.0.0.0/0"]
  validation {
    condition     = alltrue([for range in var.sources : can(cidrnetmask(range))])
    error_message = "Each source must be an IPv4 CIDR block, such as 0.0.0.0/0."
  }
}

variable "internal" {
  description = "Whether the balancer is reached inside the VPC only"
  type        = bool
  default     = false
}

variable "port" {
  description = "Port on which members answer"
  type        = number
  default     = 8080
  validation {
    condition     = var.port >= 1 && var.port <= 65535 && floor(var.port) == var.port
    error_message = "The port must be a whole number from 1 to 65535."
  }
}

variable "health_path" {
  description = "Path with which members are checked"
  type        = string
  default     = "/healthz"
  validation {
    condition     = startswith(var.health_path, "/")
    error_message = "The path must begin with a slash."
  }
}

variable "image_id" {
  description = "AMI of the members"
  type        = string
  validation {
    condition     = can(regex("^(ami-|resolve:ssm:)", var.image_id))
    error_message = "The image is named by its ID, such as ami-0123456789abcdef0."
  }
}

variable "instance_type" {
  description = "Size of the members"
  type        = string
  default     = "t3.small"
}

variable "baseline" {
  description = "The hosting baseline of the members: family of the image (amazon or debian), whether security updates install themselves, and what modules/baseline offers beyond that"
  type = object({
    family   = optional(string, "amazon")
    updates  = optional(bool, true)
    rkhunter = optional(bool, false)
    clamav   = optional(bool, false)
    wazuh    = optional(object({ manager = string, group = optional(string, "default") }))
    nrpe     = optional(object({ allowed_hosts = list(string) }))
    munin    = optional(object({ allowed_cidrs = list(string) }))
    puppet   = optional(object({ server = string, environment = optional(string, "production") }))
    packages = optional(list(string), [])
  })
  default = {}
  validation {
    condition     = contains(["amazon", "debian"], var.baseline.family)
    error_message = "The family must be amazon or debian."
  }
  validation {
    condition     = var.baseline.family == "debian" || !(var.baseline.rkhunter || var.baseline.clamav || var.baseline.wazuh != null || var.baseline.nrpe != null || var.baseline.munin != null || var.baseline.puppet != null)
    error_message = "Scans and agents of the baseline are for images of the family debian."
  }
}

variable "user_data" {
  description = "What a member runs beyond the baseline when it starts for the first time: a script that begins with #!, or a text that begins with #cloud-config"
  type        = string
  default     = ""
}

variable "instance_profile" {
  description = "Name of the members' instance profile; none without"
  type        = string
  default     = null
}

variable "deregistration_delay" {
  description = "Seconds that a member that goes has for the requests that it has begun"
  type        = number
  default     = 60
  validation {
    condition     = var.deregistration_delay >= 0 && var.deregistration_delay <= 3600
    error_message = "The delay must be 0 to 3600 seconds."
  }
}

variable "access_logs_bucket" {
  description = "Bucket for the balancer's logs; none without"
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether the balancer is protected from deletion"
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of everything in the service"
  type        = map(string)
  default     = {}
}
