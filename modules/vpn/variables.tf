variable "name" {
  description = "Name of the connections; begins the Name tag of everything"
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,30}$", var.name))
    error_message = "The name must be 1 to 31 lower-case letters, digits and hyphens, and not begin with a hyphen."
  }
}

variable "sites" {
  description = "The client's sites by name: the device's public address, its ASN, and the ranges behind it if it does not speak BGP. Without inside_cidrs AWS chooses them."
  type = map(object({
    ip            = string
    asn           = optional(number, 65000)
    static_routes = optional(set(string), [])
    inside_cidrs  = optional(list(string), [])
  }))
  validation {
    condition     = alltrue([for name in keys(var.sites) : can(regex("^[a-z0-9][a-z0-9-]{0,30}$", name))])
    error_message = "A site's name must be 1 to 31 lower-case letters, digits and hyphens, and not begin with a hyphen."
  }
  validation {
    condition     = alltrue([for site in values(var.sites) : can(cidrnetmask("${site.ip}/32"))])
    error_message = "Each site needs the IPv4 address of its device, such as 203.0.113.10."
  }
  validation {
    condition     = alltrue([for site in values(var.sites) : site.asn >= 1 && site.asn <= 4294967295 && floor(site.asn) == site.asn])
    error_message = "An ASN is a whole number from 1 to 4294967295."
  }
  validation {
    condition     = alltrue([for site in values(var.sites) : alltrue([for cidr in site.static_routes : can(cidrnetmask(cidr))])])
    error_message = "Static routes are IPv4 CIDR blocks, such as 10.50.0.0/16."
  }
  validation {
    condition     = alltrue([for site in values(var.sites) : contains([0, 2], length(site.inside_cidrs))])
    error_message = "Give no inside_cidrs or two, one for each tunnel."
  }
}

variable "preshared_keys" {
  description = "Pre-shared keys by site, two each; AWS makes those that are left out"
  type        = map(list(string))
  default     = {}
  sensitive   = true
  validation {
    condition     = alltrue([for pair in values(var.preshared_keys) : length(pair) == 2])
    error_message = "A site has two keys, one for each tunnel."
  }
}

variable "gateway" {
  description = "Where the connections end: at a \"virtual_private\" gateway, which is made and attached to vpc_id, or at the \"transit\" gateway transit_gateway_id"
  type        = string
  default     = "virtual_private"
  validation {
    condition     = contains(["virtual_private", "transit"], var.gateway)
    error_message = "The value must be \"virtual_private\" or \"transit\"."
  }
}

variable "vpc_id" {
  description = "The VPC of the virtual private gateway"
  type        = string
  default     = null
}

variable "route_table_ids" {
  description = "Route tables of the VPC, by any name, that learn the sites' ranges from the virtual private gateway"
  type        = map(string)
  default     = {}
}

variable "amazon_side_asn" {
  description = "ASN of the virtual private gateway"
  type        = number
  default     = 64512
  validation {
    condition     = (var.amazon_side_asn >= 64512 && var.amazon_side_asn <= 65534) || (var.amazon_side_asn >= 4200000000 && var.amazon_side_asn <= 4294967294)
    error_message = "The ASN must be private: 64512 to 65534, or 4200000000 to 4294967294."
  }
}

variable "transit_gateway_id" {
  description = "The transit gateway"
  type        = string
  default     = null
}

variable "transit_gateway_route_table_id" {
  description = "The transit gateway's route table that gets the static routes"
  type        = string
  default     = null
}

variable "initiate" {
  description = "Whether AWS starts the tunnels; otherwise it waits for the device"
  type        = bool
  default     = true
}

variable "log_group_arn" {
  description = "Log group for the tunnels' logs"
  type        = string
  default     = null
}

variable "log_tunnels" {
  description = "Whether the tunnels log to log_group_arn"
  type        = bool
  default     = false
}

variable "alarms" {
  description = "Whether alarms watch each tunnel and each connection"
  type        = bool
  default     = true
}

variable "alarm_actions" {
  description = "What hears of alarms, and of their end: ARNs of SNS topics, as a rule"
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of everything"
  type        = map(string)
  default     = {}
}
