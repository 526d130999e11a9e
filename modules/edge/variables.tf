variable "name" {
  description = "Name of the web ACL; begins the names of everything that goes with it"
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,30}$", var.name))
    error_message = "The name must be 1 to 31 lower-case letters, digits and hyphens, and not begin with a hyphen."
  }
}

variable "scope" {
  description = "\"REGIONAL\" for load balancers and APIs, \"CLOUDFRONT\" for distributions"
  type        = string
  default     = "REGIONAL"
  validation {
    condition     = contains(["REGIONAL", "CLOUDFRONT"], var.scope)
    error_message = "The scope is \"REGIONAL\" or \"CLOUDFRONT\"."
  }
}

variable "default_action" {
  description = "What becomes of requests that no rule decides on: \"allow\" or \"block\""
  type        = string
  default     = "allow"
  validation {
    condition     = contains(["allow", "block"], var.default_action)
    error_message = "The default action is \"allow\" or \"block\"."
  }
}

variable "managed_rule_groups" {
  description = "Rule groups that AWS or a seller looks after, by name: their place among each other, and what is only counted instead of blocked (all of it, or some rules)"
  type = map(object({
    priority    = number
    vendor      = optional(string, "AWS")
    version     = optional(string)
    count_only  = optional(bool, false)
    count_rules = optional(set(string), [])
  }))
  default = {
    AWSManagedRulesAmazonIpReputationList = { priority = 10 }
    AWSManagedRulesCommonRuleSet          = { priority = 20 }
    AWSManagedRulesKnownBadInputsRuleSet  = { priority = 30 }
  }
  validation {
    condition     = alltrue([for group in values(var.managed_rule_groups) : group.priority >= 10 && floor(group.priority) == group.priority]) && length(distinct([for group in values(var.managed_rule_groups) : group.priority])) == length(var.managed_rule_groups)
    error_message = "Each rule group needs a whole number of its own as its priority, 10 or more: those below are the module's."
  }
}

variable "rate_limit" {
  description = "How many requests one address may make in so many seconds before it is blocked; null for any number"
  type = object({
    requests = number
    seconds  = optional(number, 300)
  })
  default = null
  validation {
    condition     = var.rate_limit == null || try(var.rate_limit.requests >= 10 && var.rate_limit.requests <= 2000000000 && contains([60, 120, 300, 600], var.rate_limit.seconds), false)
    error_message = "The limit is 10 to 2000000000 requests in 60, 120, 300 or 600 seconds."
  }
}

variable "blocked_countries" {
  description = "Countries from which nothing is let through, by their two letters (ISO 3166)"
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for code in var.blocked_countries : can(regex("^[A-Z]{2}$", code))])
    error_message = "A country is given by two capital letters, such as \"KP\"."
  }
}

variable "allowed_ranges" {
  description = "IPv4 and IPv6 ranges from which everything is let through, before any other rule"
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for range in var.allowed_ranges : can(cidrhost(range, 0))])
    error_message = "Ranges are given in CIDR form, such as 192.0.2.0/24 or 2001:db8::/32."
  }
}

variable "blocked_ranges" {
  description = "IPv4 and IPv6 ranges from which nothing is let through that is not allowed by name"
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for range in var.blocked_ranges : can(cidrhost(range, 0))])
    error_message = "Ranges are given in CIDR form, such as 192.0.2.0/24 or 2001:db8::/32."
  }
}

variable "logs" {
  description = "Where requests are reported: \"none\", to a log group of the module's \"own\", or to the \"given\" one"
  type        = string
  default     = "own"
  validation {
    condition     = contains(["none", "own", "given"], var.logs)
    error_message = "The value must be \"none\", \"own\" or \"given\"."
  }
}

variable "log_group_arn" {
  description = "With logs \"given\": the log group, whose name begins with aws-waf-logs-"
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "With logs \"own\": for how long they are kept"
  type        = number
  default     = 90
}

variable "log_only_blocked" {
  description = "Whether requests are reported only if a rule blocked or counted them"
  type        = bool
  default     = true
}

variable "redacted_headers" {
  description = "Headers that logs leave out"
  type        = set(string)
  default     = ["authorization", "cookie"]
}

variable "load_balancer_arns" {
  description = "Application Load Balancers that the web ACL is put in front of, by any name of yours"
  type        = map(string)
  default     = {}
}

variable "shield" {
  description = "Whether Shield Advanced protects what shield_arns names. It needs a subscription, which costs 3,000 dollars a month for a year."
  type        = bool
  default     = false
}

variable "shield_arns" {
  description = "Load balancers and addresses for Shield Advanced, by any name of yours"
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags of everything"
  type        = map(string)
  default     = {}
}
