variable "name" {
  description = "Name of what is watched; begins the name of the topic and of every alarm"
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,30}$", var.name))
    error_message = "The name must be 1 to 31 lower-case letters, digits and hyphens, and not begin with a hyphen."
  }
}

variable "subscriptions" {
  description = "Who is told, by any name. An e-mail address gets a message that has to be confirmed."
  type = map(object({
    protocol = string
    endpoint = string
  }))
  default = {}
  validation {
    condition     = alltrue([for s in values(var.subscriptions) : contains(["email", "email-json", "http", "https", "lambda", "sms", "sqs"], s.protocol)])
    error_message = "The protocols are email, email-json, http, https, lambda, sms and sqs."
  }
}

variable "kms_key_id" {
  description = "Key that encrypts the topic; its policy must let cloudwatch.amazonaws.com use it. The key alias/aws/sns does not."
  type        = string
  default     = null
  validation {
    condition     = var.kms_key_id == null || var.kms_key_id != "alias/aws/sns"
    error_message = "CloudWatch may not use alias/aws/sns: alarms would reach nobody. Give a key of your own."
  }
}

variable "databases" {
  description = "Identifiers of RDS instances, by any name"
  type        = map(string)
  default     = {}
}

variable "load_balancers" {
  description = "ARNs of application load balancers, by any name"
  type        = map(string)
  default     = {}
}

variable "target_groups" {
  description = "Target groups by any name: the ARN of each, and the name that its balancer has in load_balancers"
  type = map(object({
    arn           = string
    load_balancer = string
  }))
  default = {}
}

variable "vpn_connections" {
  description = "Ids of VPN connections, by any name"
  type        = map(string)
  default     = {}
}

variable "nat_gateways" {
  description = "Ids of NAT gateways, by any name"
  type        = map(string)
  default     = {}
}

variable "instances" {
  description = "Ids of instances, by any name"
  type        = map(string)
  default     = {}
}

variable "thresholds" {
  description = "Beyond what something is wrong: database CPU in percent, free storage and memory in GiB; the share of failed requests in percent; the latency that 95 of 100 requests keep, in seconds; packets that a NAT gateway drops in five minutes"
  type = object({
    database_cpu         = optional(number, 80)
    database_storage_gib = optional(number, 10)
    database_memory_gib  = optional(number, 0.25)
    error_percent        = optional(number, 5)
    latency_seconds      = optional(number, 1)
    nat_dropped_packets  = optional(number, 100)
  })
  default = {}
  validation {
    condition     = alltrue([for value in values(var.thresholds) : value > 0]) && var.thresholds.database_cpu <= 100 && var.thresholds.error_percent <= 100
    error_message = "Thresholds are more than 0, and percentages at most 100."
  }
}

variable "tags" {
  description = "Tags of the topic and of every alarm"
  type        = map(string)
  default     = {}
}
