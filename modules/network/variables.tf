variable "name" {
  description = "Name of the network; begins the Name tag of everything in it"
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,30}$", var.name))
    error_message = "The name must be 1 to 31 lower-case letters, digits and hyphens, and not begin with a hyphen."
  }
}

variable "cidr_block" {
  description = "IPv4 range of the VPC, /16 to /24"
  type        = string
  validation {
    condition     = can(cidrnetmask(var.cidr_block)) && try(tonumber(split("/", var.cidr_block)[1]) >= 16 && tonumber(split("/", var.cidr_block)[1]) <= 24, false)
    error_message = "The range must be an IPv4 CIDR block of /16 to /24, such as 10.20.0.0/16."
  }
}

variable "zones" {
  description = "Availability Zones by name, each with a number from 0 to 15 that fixes its address ranges. Adding or taking away a zone moves nothing in the others."
  type        = map(number)
  validation {
    condition     = length(var.zones) > 0 && alltrue([for n in values(var.zones) : n >= 0 && n <= 15 && floor(n) == n]) && length(distinct(values(var.zones))) == length(var.zones)
    error_message = "At least one zone is needed, and each needs a number of its own from 0 to 15."
  }
}

variable "tiers" {
  description = "Which kinds of subnets each zone gets besides the public one"
  type        = set(string)
  default     = ["private"]
  validation {
    condition     = length(setsubtract(var.tiers, ["private", "data"])) == 0
    error_message = "The tiers are \"private\" and \"data\"."
  }
}

variable "nat" {
  description = "How private subnets reach the Internet: \"none\", \"one\" gateway for all zones (cheap, a single point of failure), or one \"per_zone\""
  type        = string
  default     = "none"
  validation {
    condition     = contains(["none", "one", "per_zone"], var.nat)
    error_message = "The value must be \"none\", \"one\" or \"per_zone\"."
  }
}

variable "gateway_endpoints" {
  description = "Services reached without leaving AWS, free of charge"
  type        = set(string)
  default     = []
  validation {
    condition     = length(setsubtract(var.gateway_endpoints, ["s3", "dynamodb"])) == 0
    error_message = "Gateway endpoints exist for \"s3\" and \"dynamodb\"."
  }
}

variable "isolate_data" {
  description = "Whether a network ACL lets the data subnets talk with the VPC only"
  type        = bool
  default     = true
}

variable "tags" {
  description = "Tags of everything in the network"
  type        = map(string)
  default     = {}
}
