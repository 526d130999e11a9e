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

variable "data_peers" {
  description = "Ranges outside of the VPC that the network ACL lets the data subnets exchange traffic with too, such as a client's offices"
  type        = list(string)
  default     = []
  nullable    = false
}

variable "flow_logs" {
  description = "Where to record who talked to whom: \"off\", \"cloudwatch\" (a log group and its role are made) or \"s3\" (the bucket flow_logs_bucket_arn)"
  type        = string
  default     = "off"
  validation {
    condition     = contains(["off", "cloudwatch", "s3"], var.flow_logs)
    error_message = "The value must be \"off\", \"cloudwatch\" or \"s3\"."
  }
}

variable "flow_logs_bucket_arn" {
  description = "ARN of the bucket for flow logs, with a path if wanted; its policy must let delivery.logs.amazonaws.com in"
  type        = string
  default     = null
  validation {
    condition     = var.flow_logs_bucket_arn == null || can(regex("^arn:[^:]+:s3:::", var.flow_logs_bucket_arn))
    error_message = "The value must be the ARN of a bucket, such as arn:aws:s3:::example-flow-logs."
  }
}

variable "flow_logs_retention" {
  description = "For how many days CloudWatch keeps flow logs; 0 is for ever"
  type        = number
  default     = 30
  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_logs_retention)
    error_message = "CloudWatch keeps logs for 0 (for ever), 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "flow_logs_traffic" {
  description = "Which traffic is recorded: \"ALL\", \"ACCEPT\" or \"REJECT\""
  type        = string
  default     = "ALL"
  validation {
    condition     = contains(["ALL", "ACCEPT", "REJECT"], var.flow_logs_traffic)
    error_message = "The value must be \"ALL\", \"ACCEPT\" or \"REJECT\"."
  }
}

variable "tags" {
  description = "Tags of everything in the network"
  type        = map(string)
  default     = {}
}
